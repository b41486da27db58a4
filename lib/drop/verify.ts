// SPDX-License-Identifier: MIT
import { addressFamily, errno, PR_NETWORK_OFF, socketType } from '../constants';
import { DisableNetworkError } from '../errors';
import type { NativeBinding } from '../native/binding';
import { readThreads, stateOf } from '../plan/context';
import type { Enforcement } from '../plan/mechanism';
import { nameOfErrno } from '../system-error';
import { threadTimeout } from './commit';

/** The kernel patch covers a thread whether it answers or not, so nobody has to wait for it long. */
const shortTimeout = 1000;

/**
 * Believes nothing: asks the kernel about every thread, and tries. The try runs in each thread,
 * those of the libuv pool included.
 *
 * @returns The number of threads found covered.
 */
export function verifyDrop(binding: NativeBinding, enforcement: Enforcement): number {
  trySocketsHere(binding);
  const limit = enforcement.seccompPolicy === null ? shortTimeout : threadTimeout;
  const answer = binding.trySocketOnAllThreads(limit);
  for (const { tid, result } of answer.answers) {
    if (result !== -errno.EPERM)
      throw uncovered(`thread ${String(tid)} can make an inet socket (${answerName(result)})`);
  }
  const threads = stateOf(readThreads(binding, 0));
  if (enforcement.seccompPolicy !== null) {
    const open = threads.find(({ seccompMode, noNewPrivileges }) => seccompMode !== 2 || !noNewPrivileges);
    if (open !== undefined) throw uncovered(`thread ${String(open.tid)} (${open.name}) has no filter`);
    // A silent thread waits in the kernel; that it has the filter is the kernel's own word.
  } else if (binding.prctlGetNetwork() !== PR_NETWORK_OFF) {
    // One state for the whole thread group: the kernel's word holds for a silent thread as well.
    throw uncovered('PR_GET_NETWORK does not say that the network is off');
  }
  return threads.length;
}

function trySocketsHere(binding: NativeBinding): void {
  const attempts = [
    [addressFamily.inet, socketType.stream],
    [addressFamily.inet6, socketType.datagram],
    [addressFamily.netlink, socketType.raw],
  ] as const;
  for (const [family, type] of attempts) {
    const result = binding.trySocket(family, type);
    if (result !== -errno.EPERM) {
      throw uncovered(`socket() of family ${String(family)} answers ${answerName(result)}, not EPERM`);
    }
  }
}

function answerName(result: number): string {
  return result === 0 ? 'success' : nameOfErrno(result);
}

function uncovered(what: string): DisableNetworkError {
  return new DisableNetworkError(
    'ERR_DISABLENETWORK_PARTIAL',
    `The network was disabled, but the check that followed failed: ${what}. End this process.`,
  );
}
