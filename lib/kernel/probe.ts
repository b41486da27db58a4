// SPDX-License-Identifier: MIT
import { addressFamily, errno, PR_NETWORK_OFF, socketType } from '../native/constants';
import { everyPolicyBit, SeccompPolicy, statusBase, statusUnfinished, type NativeBinding } from '../native/binding';
import type { ProviderName, UnixSocketPolicy } from '../types';

/** A drop that is in force in this process already. */
export interface DropInForce {
  readonly provider: ProviderName;
  readonly unixSockets: UnixSocketPolicy;
  /** Whether `listen` is denied as a whole. */
  readonly listenDenied: boolean;
  /** Whether the kernel restricts every io_uring that was there to epoll_ctl. */
  readonly ringsRestricted: boolean;
}

/** What the kernel answers when it is asked; no version is ever parsed. */
export interface KernelProbe {
  /** Whether the kernel knows PR_SET_NETWORK. */
  readonly hasNetworkPrctl: boolean;
  /** 0 when Landlock is absent or switched off. */
  readonly landlockAbi: number;
  /** 0, or the negative errno that says why Landlock is absent. */
  readonly landlockErrno: number;
  /** 0, or the negative errno that says why filters cannot be installed. */
  readonly seccompErrno: number;
  readonly state: DropState;
}

/**
 * How far the process is: nothing was dropped, a drop is in force, or one has begun and not ended: it
 * failed halfway, or another thread is at it.
 */
export type DropState = 'open' | 'unfinished' | DropInForce;

/** What is in force, or null. */
export function inForceOf(state: DropState): DropInForce | null {
  return typeof state === 'string' ? null : state;
}

export function probeKernel(binding: NativeBinding): KernelProbe {
  const { landlockAbi: abi, seccomp } = binding.askKernel();
  return {
    hasNetworkPrctl: binding.prctlGetNetwork() >= 0,
    landlockAbi: Math.max(abi, 0),
    landlockErrno: Math.min(abi, 0),
    seccompErrno: seccomp,
    state: readDropState(binding),
  };
}

/** The state of the process, in the kernel's words. */
export function readDropState(binding: NativeBinding): DropState {
  const flags = binding.prctlGetNetwork();
  if (flags === -statusUnfinished || binding.unfinishedReason() !== null) return 'unfinished';
  return findDropInForce(binding, flags) ?? 'open';
}

/**
 * The filter's answer alone is no proof: a process could install a filter that answers and denies
 * nothing. So a socket is tried as well.
 */
function findDropInForce(binding: NativeBinding, flags: number): DropInForce | null {
  if (binding.trySocket(addressFamily.inet, socketType.stream) !== -errno.EPERM) return null;
  if (flags < 0 && !refusesEveryFamily(binding)) return null;
  if (flags >= 0) {
    const drop = { provider: 'lsm', unixSockets: 'pathname', listenDenied: false, ringsRestricted: false } as const;
    return (flags & PR_NETWORK_OFF) === 0 ? null : drop;
  }
  const policy = -flags - statusBase;
  if (policy < 0 || policy > everyPolicyBit) return null;
  return dropOfPolicy(policy);
}

/** The drop behind the policy that a filter answers. */
export function dropOfPolicy(policy: number): DropInForce {
  return {
    provider: providerOf(policy),
    unixSockets: unixSocketsOf(policy),
    listenDenied: (policy & (SeccompPolicy.denyListen | SeccompPolicy.denyNewUnixPeers)) !== 0,
    ringsRestricted: (policy & SeccompPolicy.ringsRestricted) !== 0,
  };
}

/** The filter refuses what it does not know: a forged one that is kinder to any family is found out. */
function refusesEveryFamily(binding: NativeBinding): boolean {
  for (let family = 0; family < 64; family += 1) {
    if (family === addressFamily.unix) continue;
    for (const type of Object.values(socketType)) {
      if (binding.trySocket(family, type) !== -errno.EPERM) return false;
    }
  }
  return true;
}

function providerOf(policy: number): ProviderName {
  if ((policy & SeccompPolicy.withKernelPatch) !== 0) return 'lsm';
  return (policy & SeccompPolicy.withLandlock) === 0 ? 'seccomp' : 'landlock';
}

function unixSocketsOf(policy: number): UnixSocketPolicy {
  if ((policy & SeccompPolicy.denyNewUnixPeers) !== 0) return 'connected';
  return (policy & SeccompPolicy.allUnixSockets) === 0 ? 'pathname' : 'all';
}
