// SPDX-License-Identifier: MIT
import { getSystemErrorName } from 'node:util';
import { DisableNetworkError, type DisableNetworkErrorCode } from './errors';

/** What to do when /proc cannot be read. */
export const procAdvice = 'disablenetwork reads /proc to see what is open: mount it in this process’s pid namespace.';

/** The name of a negative errno as the kernel gave it, for example `EPERM`. */
export function nameOfErrno(errno: number): string {
  try {
    return getSystemErrorName(errno);
  } catch {
    return `errno ${String(-errno)}`;
  }
}

/** An error that a system call answered; `errno` is negative. */
export function systemError(
  code: DisableNetworkErrorCode,
  syscall: string,
  errno: number,
  advice: string,
): DisableNetworkError {
  return new DisableNetworkError(code, `${syscall} failed: ${nameOfErrno(errno)}. ${advice}`, { errno, syscall });
}
