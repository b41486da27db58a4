// SPDX-License-Identifier: MIT
import { addressFamily, errno, socketType } from '../constants';
import { everyPolicyBit, type NativeBinding, statusBase } from '../native/binding';
import { type DropInForce, dropOfPolicy } from '../plan/probe';
import { nameOfErrno } from '../system-error';
import type { ThreadState } from '../types';
import { decodeFilter, type Instruction, runFilter, type SystemCall } from './filter-interpreter';

/** Numbers of the architecture's system calls, and its name for seccomp (linux/audit.h). */
const callsOf: Partial<Record<string, { architecture: number; socket: number; prctl: number }>> = {
  x64: { architecture: 0xc000003e, socket: 41, prctl: 157 },
  arm64: { architecture: 0xc00000b7, socket: 198, prctl: 167 },
};
const getNetwork = 0x4e455447n; // PR_GET_NETWORK
const errnoAction = 0x0005; // The high half of SECCOMP_RET_ERRNO.

/** What the filters of a process say; `drop` is null when they leave the network on. */
export type Inspection = { readonly drop: DropInForce | null } | { readonly failure: string };

/** Reads the filters of every thread out of the kernel and asks each what it would answer. */
export function inspectFilters(binding: NativeBinding, threads: readonly ThreadState[]): Inspection {
  let weakest: DropInForce | null = null;
  for (const { tid, kernelWorker } of threads) {
    if (kernelWorker) continue;
    const dump = binding.seccompDump(tid);
    if (typeof dump === 'number')
      return { failure: `The filters of thread ${String(tid)} cannot be read (${nameOfErrno(dump)}).` };
    weakest = dropOfFilters(dump.map(decodeFilter));
    if (weakest === null) break;
  }
  return { drop: weakest };
}

/** A filter that only claims to have dropped the network is not believed: it has to refuse a socket. */
export function dropOfFilters(
  filters: readonly (readonly Instruction[])[],
  processArchitecture: string = process.arch,
): DropInForce | null {
  const calls = callsOf[processArchitecture];
  if (calls === undefined) return null;
  const { architecture } = calls;
  const errors = (call: SystemCall): number[] =>
    filters.flatMap((filter) => {
      const action = runFilter(filter, call);
      return action !== null && action >>> 16 === errnoAction ? [action & 0xffff] : [];
    });
  const inet = [BigInt(addressFamily.inet), BigInt(socketType.stream)];
  if (!errors({ number: calls.socket, architecture, args: inet }).includes(errno.EPERM)) return null;
  const answers = errors({ number: calls.prctl, architecture, args: [getNetwork] });
  const policy = answers.map((answer) => answer - statusBase).find((value) => value >= 0 && value <= everyPolicyBit);
  return policy === undefined ? null : dropOfPolicy(policy);
}
