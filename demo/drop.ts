// SPDX-License-Identifier: MIT
import { disableNetwork, planDisableNetwork, type Receipt } from 'disablenetwork';

/**
 * Where Landlock knows no TCP, nothing can keep an open TCP socket from being aimed elsewhere but
 * closing it. The service cannot do without, so it accepts that by name, and the receipt says so.
 */
export function dropNetwork(): Receipt {
  const acceptsSockets = planDisableNetwork().provider === 'seccomp';
  return acceptsSockets ? disableNetwork({ residuals: ['tcp-socket'] }) : disableNetwork();
}
