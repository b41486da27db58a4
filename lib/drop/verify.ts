// SPDX-License-Identifier: MIT
import { PR_NETWORK_OFF } from '../native/constants';
import type { Deadline } from '../deadline';
import { DisableNetworkError } from '../errors';
import type { NativeBinding } from '../native/binding';
import { readThreads, stateOf } from '../inventory/threads';
import type { Enforcement } from '../kernel/enforcement';
import { nameOfErrno, systemError } from '../system-error';
import { namesOfAttempts } from './attempts';

/** A thread that waits in the kernel cannot be asked; what covers it, the kernel has said. */
const patience = 1000;

/** An attempt's bit and the errno that came, in one number (csrc/drop/attempts.h). */
const errorRoom = 4096;

/**
 * Tries each way that is claimed to be closed, in every thread, those of the libuv pool included.
 *
 * @param attempts - Bits of what was prepared.
 */
export function tryInEveryThread(binding: NativeBinding, attempts: number, deadline: Deadline): void {
  const limit = Math.min(deadline.remaining(patience), patience);
  const { result, answers, silent } = binding.tryInEveryThread(attempts, limit);
  for (const { tid, result: answer } of answers) {
    if (answer === 0) continue;
    const [way = 'unknown'] = namesOfAttempts(Math.floor(answer / errorRoom));
    throw uncovered(`${way} in thread ${String(tid)} answers ${answerName(-(answer % errorRoom))}`);
  }
  if (result < 0 && silent.length === 0) {
    throw systemError('ERR_DISABLENETWORK_KERNEL', 'Trying in every thread', result, 'Nothing was changed.');
  }
}

/**
 * Believes nothing: asks the kernel about every thread.
 *
 * @returns The number of threads found covered.
 */
export function countCoveredThreads(binding: NativeBinding, { seccompPolicy, provider }: Enforcement): number {
  const threads = stateOf(readThreads(binding, 0));
  if (seccompPolicy !== null) {
    const open = threads.find(({ seccompMode, noNewPrivileges }) => seccompMode !== 2 || noNewPrivileges === false);
    if (open !== undefined) throw uncovered(`thread ${String(open.tid)} (${open.name}) has no filter`);
  }
  // One state for the whole thread group: the kernel's word holds for a silent thread as well.
  if (provider === 'lsm' && seccompPolicy === null && binding.prctlGetNetwork() !== PR_NETWORK_OFF) {
    throw uncovered('PR_GET_NETWORK does not say that the network is off');
  }
  return threads.length;
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
