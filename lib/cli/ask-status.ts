// SPDX-License-Identifier: MIT
import { DisableNetworkError } from '../errors';
import type { NetworkStatusOptions } from '../api/network-status';
import { nameOfErrno } from '../system-error';
import type { NetworkStatus } from '../types';
import type { CommandContext } from './context';

/** The status of a process; one that may not be looked into is unknown, and that is no failure. */
export function askStatus(
  pid: number | undefined,
  options: NetworkStatusOptions,
  context: CommandContext,
): Omit<NetworkStatus, 'threads'> {
  try {
    return context.networkStatus(pid, options);
  } catch (error) {
    const refused = error instanceof DisableNetworkError && error.code === 'ERR_DISABLENETWORK_KERNEL';
    if (pid === undefined || !refused) throw error;
    const answer = error.errno === undefined ? error.message : nameOfErrno(error.errno);
    const reason = `/proc does not let this user look into it (${answer}).`;
    return { pid, network: 'unknown', provider: null, unixSockets: null, reason };
  }
}
