// SPDX-License-Identifier: MIT
import { PR_NETWORK_OFF, errno } from '../native/constants';
import { DisableNetworkError } from '../errors';
import { everyPolicyBit, statusBase } from '../native/binding';
import { loadBinding } from '../native/load';
import { systemError } from '../system-error';

/**
 * `prctl(PR_SET_NETWORK, flags)`, as it is.
 *
 * @param flags - {@link PR_NETWORK_ON} or {@link PR_NETWORK_OFF}, a bit mask.
 * @throws DisableNetworkError
 * - `ERR_DISABLENETWORK_OPTION`: flags is no unsigned 32-bit integer.
 * - `ERR_DISABLENETWORK_UNSUPPORTED`, errno EINVAL: the kernel lacks the patch, or a bit is unknown.
 * - `ERR_DISABLENETWORK_KERNEL`, errno EPERM: the bit cannot be cleared, or the process can still gain
 *   privilege (see {@link prctlSetNoSuid}).
 */
export function prctlSetNetwork(flags: number): void {
  if (!Number.isInteger(flags) || flags < 0 || flags > 0xffffffff) {
    throw new DisableNetworkError(
      'ERR_DISABLENETWORK_OPTION',
      `prctlSetNetwork: flags must be an unsigned 32-bit integer, not ${String(flags)}.`,
    );
  }
  check('PR_SET_NETWORK', loadBinding().prctlSetNetwork(flags));
}

/**
 * `prctl(PR_GET_NETWORK)`.
 *
 * @returns The flags in force. On a stock kernel the filter of {@link disableNetwork} answers in the
 * kernel's place, with {@link PR_NETWORK_OFF}.
 * @throws DisableNetworkError `ERR_DISABLENETWORK_UNSUPPORTED`: neither of the two is there to answer.
 */
export function prctlGetNetwork(): number {
  const result = loadBinding().prctlGetNetwork();
  const isFilterAnswer = result <= -statusBase && result >= -(statusBase + everyPolicyBit);
  return isFilterAnswer ? PR_NETWORK_OFF : check('PR_GET_NETWORK', result);
}

/**
 * `prctl(PR_SET_NOSUID)`: no thread of the process gains privilege by execve any more.
 *
 * @throws DisableNetworkError `ERR_DISABLENETWORK_UNSUPPORTED`: the kernel lacks the patch.
 */
export function prctlSetNoSuid(): void {
  check('PR_SET_NOSUID', loadBinding().prctlSetNoSuid());
}

/**
 * `prctl(PR_GET_NOSUID)`.
 *
 * @returns 1 when it is set, else 0.
 * @throws DisableNetworkError `ERR_DISABLENETWORK_UNSUPPORTED`: the kernel lacks the patch.
 */
export function prctlGetNoSuid(): number {
  return check('PR_GET_NOSUID', loadBinding().prctlGetNoSuid());
}

function check(option: string, result: number): number {
  if (result >= 0) return result;
  const syscall = `prctl(${option})`;
  if (result === -errno.EINVAL) {
    const advice = 'The kernel does not know the option or the flag; disableNetwork() works without the kernel patch.';
    throw systemError('ERR_DISABLENETWORK_UNSUPPORTED', syscall, result, advice);
  }
  throw systemError(
    'ERR_DISABLENETWORK_KERNEL',
    syscall,
    result,
    'A bit that is set stays set; set PR_SET_NOSUID first.',
  );
}
