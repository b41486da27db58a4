// SPDX-License-Identifier: MIT
import { errno } from '../native/constants';
import type { NativeBinding } from '../native/binding';
import { systemError } from '../system-error';

/** What a drop has open at once at the most, beside two for each io_uring of an event loop. */
const needed = 16;

/**
 * A drop that runs out of descriptors halfway is worse than none.
 *
 * @throws DisableNetworkError `ERR_DISABLENETWORK_KERNEL`, errno EMFILE.
 */
export function requireDescriptors(binding: NativeBinding): void {
  const left = binding.countDescriptorsLeft();
  if (left >= needed) return;
  const syscall = left < 0 ? 'open /proc/self/fd' : 'Reserving descriptors';
  const reason =
    left < 0 ? '' : `A drop takes ${String(needed)} descriptors for a moment, and ${String(left)} are left. `;
  throw systemError(
    'ERR_DISABLENETWORK_KERNEL',
    syscall,
    Math.min(left, 0) || -errno.EMFILE,
    `${reason}Nothing was changed.`,
  );
}
