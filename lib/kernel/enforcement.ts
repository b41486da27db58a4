// SPDX-License-Identifier: MIT
import { SeccompPolicy } from '../native/binding';
import type { ProviderName, UnixSocketPolicy } from '../types';

/** Access rights and scopes of Landlock (include/uapi/linux/landlock.h). */
const bindTcp = 1;
const connectTcp = 2;
const bindUdp = 4;
const connectSendUdp = 8;
const scopeAbstractUnixSocket = 1;

/** The least Landlock ABIs that matter here. */
export const landlockAbi = { tcp: 4, abstractNames: 6, udp: 10 } as const;

/** What the native side is asked to put in force. */
export interface Enforcement {
  readonly provider: ProviderName;
  readonly unixSockets: UnixSocketPolicy;
  /** Bits of {@link SeccompPolicy}; null when no filter is installed. */
  readonly seccompPolicy: number | null;
  readonly landlock: LandlockRules | null;
  /** Exchange the rings of event loops for restricted ones while the filter is installed. */
  readonly sealRings: boolean;
}

export interface LandlockRules {
  readonly handledNetwork: number;
  readonly scoped: number;
}

/** An ABI above the highest known one is treated as that: newer kernels keep older bits. */
export function landlockRules(abi: number, unixSockets: UnixSocketPolicy): LandlockRules | null {
  if (abi < landlockAbi.tcp) return null;
  const udp = abi >= landlockAbi.udp ? bindUdp | connectSendUdp : 0;
  const scoped = abi >= landlockAbi.abstractNames && unixSockets !== 'all' ? scopeAbstractUnixSocket : 0;
  return { handledNetwork: bindTcp | connectTcp | udp, scoped };
}

/** What of the plan decides the filter. */
export interface FilterNeeds {
  readonly denyListen: boolean;
  /**
   * What is done about io_uring rings that are there: `'none'` are, `'sealed'` all of them are
   * restricted to epoll_ctl, `'accepted'` some stay as they are.
   */
  readonly rings: 'none' | 'sealed' | 'accepted';
}

export function enforcementOf(
  provider: ProviderName,
  abi: number,
  unixSockets: UnixSocketPolicy,
  { denyListen, rings }: FilterNeeds,
): Enforcement {
  const landlock = provider === 'landlock' ? landlockRules(abi, unixSockets) : null;
  // The kernel patch needs a filter only for what it does not know: no new Unix peers.
  if (!needsFilter(provider, unixSockets)) {
    return { provider, unixSockets, seccompPolicy: null, landlock, sealRings: false };
  }
  let policy: number = SeccompPolicy.answerStatus;
  if (denyListen) policy |= SeccompPolicy.denyListen;
  if (unixSockets === 'connected') policy |= SeccompPolicy.denyNewUnixPeers;
  if (unixSockets === 'all') policy |= SeccompPolicy.allUnixSockets;
  if (provider === 'seccomp') policy |= SeccompPolicy.denyTracing;
  if (provider === 'landlock') policy |= SeccompPolicy.withLandlock;
  if (provider === 'lsm') policy |= SeccompPolicy.withKernelPatch;
  if (rings !== 'none') policy |= SeccompPolicy.allowRings;
  if (rings === 'sealed') policy |= SeccompPolicy.ringsRestricted;
  return { provider, unixSockets, seccompPolicy: policy, landlock, sealRings: rings !== 'none' };
}

/** Whether anything is left to a filter, and so to system calls alone. */
export function needsFilter(provider: ProviderName, unixSockets: UnixSocketPolicy): boolean {
  return provider !== 'lsm' || unixSockets === 'connected';
}

/** The names of the mechanisms in the order of their application. */
export function mechanismNames(enforcement: Enforcement): string[] {
  const names: string[] = [];
  if (enforcement.seccompPolicy !== null) names.push('no_new_privs', 'seccomp');
  if (enforcement.sealRings) names.push('io_uring restrictions');
  if (enforcement.provider === 'lsm') names.push('PR_SET_NOSUID', 'PR_SET_NETWORK');
  if (enforcement.landlock !== null) names.push('landlock');
  return names;
}
