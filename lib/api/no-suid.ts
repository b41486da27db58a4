// SPDX-License-Identifier: MIT
import { Deadline } from '../deadline';
import { checkNoNewPrivileges } from '../drop/commit';
import { withProcessLock } from '../drop/lock';
import { loadBinding } from '../native/load';
import { readThreads, stateOf } from '../inventory/threads';

/**
 * Gives up, in every thread and for good, what execve could gain: setuid, setgid and file
 * capabilities are ignored, as on a nosuid mount. PR_SET_NOSUID where the kernel knows it, else
 * no_new_privs on every thread (Documentation/userspace-api/no_new_privs.rst).
 *
 * @throws DisableNetworkError
 * - `ERR_DISABLENETWORK_PLATFORM`, `_ADDON`, `_PERMISSION`: as {@link disableNetwork}.
 * - `ERR_DISABLENETWORK_KERNEL`: /proc cannot be read, or another thread is disabling the network.
 * - `ERR_DISABLENETWORK_PARTIAL`: a thread did not answer within 10 s; others have given up privilege.
 */
export function setNoSuid(): void {
  const binding = loadBinding();
  if (binding.prctlSetNoSuid() === 0) return;
  const deadline = new Deadline();
  withProcessLock(binding, deadline, () => {
    checkNoNewPrivileges(binding, deadline);
  });
}

/**
 * Whether no thread of the process can gain privilege by execve any more. False where the kernel does not say.
 *
 * @throws DisableNetworkError `ERR_DISABLENETWORK_PLATFORM`, `_ADDON`, `_PERMISSION`, `_KERNEL`: as
 * {@link disableNetwork}.
 */
export function isNoSuid(): boolean {
  const binding = loadBinding();
  if (binding.prctlGetNoSuid() === 1) return true;
  return stateOf(readThreads(binding, 0)).every(({ noNewPrivileges }) => noNewPrivileges === true);
}
