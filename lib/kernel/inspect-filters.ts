// SPDX-License-Identifier: MIT
import { errno } from '../native/constants';
import { everyPolicyBit, type NativeBinding, statusBase, statusUnfinished } from '../native/binding';
import { type DropInForce, dropOfPolicy } from './probe';
import { nameOfErrno } from '../system-error';
import type { ThreadState } from '../types';
import { decodeFilter, runFilter } from './filter-interpreter';

/** The architecture's number of prctl(2), and its name for seccomp (linux/audit.h). */
const prctlOf: Partial<Record<string, { architecture: number; number: number }>> = {
  x64: { architecture: 0xc000003e, number: 157 },
  arm64: { architecture: 0xc00000b7, number: 167 },
};
const getNetwork = 0x4e455447n; // PR_GET_NETWORK
const errnoAction = 0x0005; // The high half of SECCOMP_RET_ERRNO.

/** What the filters of a process say; `drop` is null when they leave the network on. */
export type Inspection = { readonly drop: DropInForce | null } | { readonly failure: string };

/**
 * Reads the filters of every thread out of the kernel. A filter says which policy it belongs to, and
 * is believed when it is the very program that this version builds for that policy: whatever else one
 * may answer or refuse, it could leave a way open that nobody thinks of trying.
 */
export function inspectFilters(binding: NativeBinding, threads: readonly ThreadState[]): Inspection {
  const policies = new Set<number>();
  for (const { tid, kernelWorker } of threads) {
    if (kernelWorker) continue;
    const dump = binding.seccompDump(tid);
    if (typeof dump === 'number') return { failure: whyNoDump(tid, dump) };
    const answers = readAnswers(dump);
    if (answers[0] === statusUnfinished) {
      return { failure: `Of thread ${String(tid)} the kernel says that a drop has begun and not ended.` };
    }
    const claimed = answers.map((answer) => answer - statusBase).filter(isPolicy);
    if (claimed.length === 0) return { drop: null };
    const policy = claimed.find((claim) => isInstalled(expectedPrograms(binding, claim), dump));
    if (policy === undefined) {
      const what = 'says that the network is off, and is not the one that this version installs';
      return { failure: `A filter of thread ${String(tid)} ${what}: it is another version's, or forged.` };
    }
    policies.add(policy);
  }
  const [policy, ...others] = policies;
  if (others.length > 0) return { failure: 'Its threads have the filters of different drops.' };
  return { drop: policy === undefined ? null : dropOfPolicy(policy) };
}

/** The programs that a drop by this policy installs: all that has to be known of how it does so. */
function expectedPrograms(binding: NativeBinding, policy: number): readonly (Uint8Array | number)[] {
  return [binding.seccompProgram(policy), binding.statusProgram(policy)];
}

function isInstalled(expected: readonly (Uint8Array | number)[], dump: readonly Uint8Array[]): boolean {
  return expected.every(
    (program) => typeof program !== 'number' && dump.some((filter) => Buffer.compare(filter, program) === 0),
  );
}

const isPolicy = (policy: number): boolean => policy >= 0 && policy <= everyPolicyBit;

/** What filters answer to PR_GET_NETWORK, newest first: the kernel takes the newest answer. */
function readAnswers(dump: readonly Uint8Array[]): number[] {
  const prctl = prctlOf[process.arch];
  if (prctl === undefined) return [];
  const { architecture, number } = prctl;
  return dump.flatMap((filter) => {
    const action = runFilter(decodeFilter(filter), { number, architecture, args: [getNetwork] });
    return action !== null && action >>> 16 === errnoAction ? [action & 0xffff] : [];
  });
}

function whyNoDump(tid: number, result: number): string {
  if (result === -errno.ETIMEDOUT) return `Thread ${String(tid)} does not stop: it waits in the kernel (vfork?).`;
  return `The filters of thread ${String(tid)} cannot be read (${nameOfErrno(result)}).`;
}
