// SPDX-License-Identifier: MIT
import { callTimeout, type Deadline } from '../deadline';
import { errno } from '../native/constants';
import { DisableNetworkError } from '../errors';
import type { NativeBinding } from '../native/binding';
import { procAdvice, systemError } from '../system-error';

/**
 * Runs while no other thread of the process does: one drop at a time, whatever the number of Workers
 * and of copies of this package. Should the thread end meanwhile, the lock goes with it.
 *
 * @throws DisableNetworkError `ERR_DISABLENETWORK_KERNEL`: another thread has had it all the time, or
 * /proc cannot be read.
 */
export function withProcessLock<Result>(binding: NativeBinding, deadline: Deadline, run: () => Result): Result {
  const result = binding.lockProcess(deadline.remaining());
  if (result === -errno.ETIMEDOUT) {
    throw new DisableNetworkError(
      'ERR_DISABLENETWORK_KERNEL',
      `Another thread of this process has been disabling the network for ${String(callTimeout / 1000)} s. ` +
        'This call has changed nothing.',
      { errno: result, syscall: 'flock' },
    );
  }
  if (result < 0) throw systemError('ERR_DISABLENETWORK_KERNEL', 'flock of /proc/self/status', result, procAdvice);
  try {
    return run();
  } finally {
    binding.unlockProcess();
  }
}
