// SPDX-License-Identifier: MIT
import { threadTimeout } from '../drop/commit';
import { DisableNetworkError } from '../errors';
import type { NativeBinding } from '../native/binding';
import { systemError } from '../system-error';

const advice =
  'A thread did not answer an earlier call (EBUSY), or /proc belongs to another pid namespace (ESRCH). Nothing was changed.';

/**
 * Asks each thread for something harmless. Where every thread has to restrict itself, one that does
 * not answer is found before anything has changed, and not in the middle.
 *
 * @throws DisableNetworkError `ERR_DISABLENETWORK_KERNEL`, with the threads that are silent.
 */
export function requireEveryThread(binding: NativeBinding): void {
  const { result, silent } = binding.countRegisteredRings(threadTimeout);
  if (silent.length > 0) {
    throw new DisableNetworkError(
      'ERR_DISABLENETWORK_KERNEL',
      `Thread ${silent.join(', ')} did not answer within ${String(threadTimeout / 1000)} s: it blocks the C library's set-id ` +
        'signal or waits in the kernel, and Landlock has to be set in each thread by itself. Nothing was changed.',
      { errno: result, syscall: 'tgkill' },
    );
  }
  if (result < 0) throw systemError('ERR_DISABLENETWORK_KERNEL', 'tgkill', result, advice);
}
