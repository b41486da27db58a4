// SPDX-License-Identifier: MIT
import { landlockAbi } from '../kernel/enforcement';
import type { Plan } from '../types';
import { nameServiceBehindUnixSocket } from './name-service';

/** What of the plan decides whose fault a failure is. */
export type ExplainedPlan = Pick<Plan, 'provider' | 'landlockAbi' | 'unixSockets' | 'sideEffects'>;

/** What the drop in force refuses beside new sockets of the network. */
export interface DropPolicy {
  /** connect(2) to an abstract Unix name. */
  readonly abstractNames: boolean;
  /** connect(2) and bind(2) of Unix sockets with a pathname. */
  readonly unixConnect: boolean;
  /** listen(2), of Unix sockets too. */
  readonly listen: boolean;
  /** A send with an address on a UDP socket that was open before the drop. */
  readonly addressedSend: boolean;
  /** Whether any thread of this process has put a placeholder in the place of a socket; asked when that matters. */
  hasKilled(): boolean;
  /** Whether a name service that the drop leaves alone answers getaddrinfo(); asked when one has failed. */
  nameServiceStays(): boolean;
}

export function policyOf(
  { provider, landlockAbi: abi, unixSockets, sideEffects }: ExplainedPlan,
  hasKilled: () => boolean = () => false,
): DropPolicy {
  const has = (wanted: string): boolean => sideEffects.some(({ id }) => id === wanted);
  return {
    abstractNames: unixSockets === 'connected' || has('abstract-names-eperm'),
    unixConnect: unixSockets === 'connected',
    listen: has('unix-listen'),
    addressedSend: provider === 'lsm' || (provider === 'landlock' && abi >= landlockAbi.udp),
    hasKilled,
    nameServiceStays: () => unixSockets !== 'connected' && nameServiceBehindUnixSocket(),
  };
}
