// SPDX-License-Identifier: MIT
import { describeSilent } from './commit';
import { DisableNetworkError } from '../errors';
import type { BroadcastAnswer } from '../native/binding';
import { systemError } from '../system-error';

/**
 * Where every thread has to restrict itself, one that does not answer is found before any thread is
 * held, and not in the middle.
 *
 * @param asked - What the threads answered to something harmless.
 * @throws DisableNetworkError `ERR_DISABLENETWORK_KERNEL`, with the threads that are silent.
 */
export function requireEveryThread({ result, silent }: BroadcastAnswer): void {
  if (silent.length > 0) {
    throw new DisableNetworkError(
      'ERR_DISABLENETWORK_KERNEL',
      `${describeSilent(silent)} Landlock has to be set in each thread by itself. Nothing was changed.`,
      { errno: result, syscall: 'tgkill' },
    );
  }
  if (result < 0) throw systemError('ERR_DISABLENETWORK_KERNEL', 'tgkill', result, 'Nothing was changed.');
}
