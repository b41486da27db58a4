// SPDX-License-Identifier: MIT
// Which provider this kernel gives, and what a drop looks like under it. Tests take their
// expectations from here, so that each asserts something on either kernel.
import { constants } from 'node:os';
import { existsSync } from 'node:fs';
import type { ThreadStatus } from '../../support/toolbox';

const { EACCES, EPERM } = constants.errno;

/** The providers that a kernel can give first; `seccomp` is for where both are missing. */
export type FirstProvider = 'lsm' | 'landlock';

export const provider = findProvider();

/** One of two, by the provider. */
export const byProvider = <Value>(values: Record<FirstProvider, Value>): Value => values[provider];

/** What connect() answers on a TCP socket that was made before the drop. */
export const oldSocketError = byProvider({ lsm: -EPERM, landlock: -EACCES });

/** What the kernel says of a thread after a drop. Each thread of a group has the state of the kernel patch. */
const covered: Partial<ThreadStatus> = byProvider<Partial<ThreadStatus>>({
  lsm: { kernelPatch: 'network=off nosuid=on' },
  landlock: { seccomp: 2, noNewPrivileges: 1 },
});

const untouched: Partial<ThreadStatus> = byProvider<Partial<ThreadStatus>>({
  lsm: { kernelPatch: 'network=on nosuid=off', seccomp: 0, noNewPrivileges: 0 },
  landlock: { seccomp: 0, noNewPrivileges: 0 },
});

/** The threads that a drop has not reached. */
export const uncovered = (threads: readonly ThreadStatus[]): ThreadStatus[] => differing(threads, covered);

/** The threads that something has reached. */
export const touched = (threads: readonly ThreadStatus[]): ThreadStatus[] => differing(threads, untouched);

function differing(threads: readonly ThreadStatus[], wanted: Partial<ThreadStatus>): ThreadStatus[] {
  return threads.filter((thread) =>
    Object.entries(wanted).some(([field, value]) => thread[field as keyof ThreadStatus] !== value),
  );
}

/** The kernel is asked, and not by the library. Where TEST_PROVIDER says what it should give, it has to. */
function findProvider(): FirstProvider {
  const found = existsSync('/proc/self/attr/disablenetwork/current') ? 'lsm' : 'landlock';
  const wanted = process.env['TEST_PROVIDER'] ?? found;
  if (wanted !== found) throw new Error(`this kernel gives ${found}, and TEST_PROVIDER says ${wanted}`);
  return found;
}
