// SPDX-License-Identifier: MIT
import { constants } from 'node:os';

/** `prctlSetNetwork` flag: the network is on. It can never be set again once it is off. */
export const PR_NETWORK_ON = 0;
/** `prctlSetNetwork` flag: the network is off, for good. */
export const PR_NETWORK_OFF = 1;

/** Numbers of the kernel that Node does not export; the same on every architecture of Linux. */
export const addressFamily = { unix: 1, inet: 2, inet6: 10, netlink: 16 } as const;
export const socketType = { stream: 1, datagram: 2, raw: 3 } as const;

export const errno = {
  E2BIG: constants.errno.E2BIG,
  EAGAIN: constants.errno.EAGAIN,
  EMFILE: constants.errno.EMFILE,
  ENFILE: constants.errno.ENFILE,
  ENOMEM: constants.errno.ENOMEM,
  EPERM: constants.errno.EPERM,
  EINVAL: constants.errno.EINVAL,
  ENOENT: constants.errno.ENOENT,
  ESRCH: constants.errno.ESRCH,
  ETIMEDOUT: constants.errno.ETIMEDOUT,
} as const;
