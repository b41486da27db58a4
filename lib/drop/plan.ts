// SPDX-License-Identifier: MIT
import { Deadline } from '../deadline';
import { unfinishedError } from './partial';
import { DisableNetworkError } from '../errors';
import { takeInventory } from '../inventory';
import type { NativeBinding } from '../native/binding';
import type { ResolvedOptions } from '../options/resolve';
import { procAdvice, systemError } from '../system-error';
import type { Descriptor, Plan, Residual } from '../types';
import { isPrivileged, readThreads, stateOf } from '../inventory/threads';
import { requireDescriptors } from './descriptors-left';
import { requireEveryThread } from './every-thread';
import { findResiduals, sortResiduals } from '../residuals/find';
import { countRings } from '../residuals/hidden-rings';
import { findOpenableDevices, limitsOf, sideEffectsOf } from './limits';
import { enforcementOf, mechanismNames, needsFilter, type Enforcement, type FilterNeeds } from '../kernel/enforcement';
import { inForceOf, probeKernel, type DropInForce } from '../kernel/probe';
import { chooseProvider, compareStrength } from '../kernel/provider';
import type { Confinement } from '../residuals/descriptor';

/** The plan for the caller, and what the commit needs to know beside it. */
export interface FullPlan {
  readonly plan: Plan;
  readonly enforcement: Enforcement;
  readonly confinement: Confinement;
}

/** How often a ring is looked at that cannot be restricted, and how long it has between two looks, in milliseconds. */
const ringLooks = 50;
const ringPause = 5;

/**
 * Finds out everything and changes nothing. The process's lock is held. A Worker that starts or ends
 * has an io_uring that nobody can restrict for a moment; so what is one is looked at again.
 */
export function makePlan(binding: NativeBinding, options: ResolvedOptions, deadline = new Deadline()): FullPlan {
  for (let look = 1; ; look += 1) {
    const full = makePlanNow(binding, options, deadline);
    const { residuals } = full.plan;
    const onlyRings = residuals.length > 0 && residuals.every(({ id, descriptor }) => id === 'io-uring' && descriptor);
    if (!onlyRings || look === ringLooks || deadline.remaining() === 0) return full;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ringPause);
  }
}

function makePlanNow(binding: NativeBinding, options: ResolvedOptions, deadline: Deadline): FullPlan {
  const probe = probeKernel(binding);
  if (probe.state === 'unfinished') throw unfinishedError(binding);
  requireDescriptors(binding);
  const threads = readThreads(binding, 0);
  const inForce = inForceOf(probe.state);
  if (inForce !== null) checkNoNarrower(inForce, options);
  const provider = inForce?.provider ?? chooseProvider(binding, probe, options, stateOf(threads));
  const unixSockets = inForce?.unixSockets ?? options.unixSockets;
  const inventory = takeInventory(binding);
  const closing = options.listeners === 'close' ? inventory.filter(isListener) : [];
  const staying = inventory.filter((descriptor) => !closing.includes(descriptor));
  const confinement: Confinement = {
    provider,
    landlockAbi: probe.landlockAbi,
    unixSockets,
    listenDenied: inForce?.listenDenied ?? mustDenyListen(provider, unixSockets, staying),
    restrictedRings: restrictedRings(binding, inForce),
    alreadyInForce: inForce !== null,
  };
  const asked = needsFilter(provider, unixSockets) ? countRings(binding, deadline) : null;
  if (inForce === null && provider === 'landlock' && asked !== null) requireEveryThread(asked);
  const found = findResiduals(binding, staying, threads, confinement, asked);
  const sorted = sortResiduals(found, options);
  const enforcement = enforcementOf(provider, probe.landlockAbi, unixSockets, {
    denyListen: confinement.listenDenied,
    rings: ringsOf(staying, sorted.accepted),
  });
  const toClose = [...closing, ...sorted.toClose];
  const kept = staying.filter((descriptor) => isSocket(descriptor) && !toClose.includes(descriptor));
  return {
    enforcement,
    confinement,
    plan: {
      alreadyDisabled: inForce !== null,
      provider,
      landlockAbi: probe.landlockAbi,
      unixSockets,
      mechanisms: mechanismNames(enforcement),
      threads: threads.length,
      kept,
      toClose,
      residuals: sorted.residuals,
      accepted: sorted.accepted,
      limits: limitsOf(confinement, kept, isPrivileged(threads), findOpenableDevices(binding, confinement)),
      sideEffects: sideEffectsOf(confinement),
    },
  };
}

/** Rings that the commit can restrict, or that an earlier one has. */
function restrictedRings(binding: NativeBinding, inForce: DropInForce | null): Confinement['restrictedRings'] {
  if (inForce !== null) return inForce.ringsRestricted ? 'all' : [];
  const descriptors = binding.listSealableRings();
  if (typeof descriptors !== 'number') return descriptors;
  throw systemError('ERR_DISABLENETWORK_KERNEL', 'open /proc/self/maps', descriptors, procAdvice);
}

/** A ring that is closed is gone; one that is accepted stays as it is. */
function ringsOf(staying: readonly Descriptor[], accepted: readonly Residual[]): FilterNeeds['rings'] {
  if (accepted.some(({ id }) => id === 'io-uring')) return 'accepted';
  return staying.some(({ kind }) => kind === 'io-uring') ? 'sealed' : 'none';
}

function isSocket(descriptor: Descriptor): boolean {
  return descriptor.family !== null;
}

export function isListener(descriptor: Descriptor): boolean {
  return descriptor.state === 'listening' && descriptor.kind !== 'unix';
}

/**
 * Any stream socket that stays is a listener in waiting: dissolved with connect(AF_UNSPEC) it can
 * listen() without bind(), on a port of the kernel's choice. A listener that stays hands out more.
 */
function mustDenyListen(
  provider: Confinement['provider'],
  unixSockets: Confinement['unixSockets'],
  staying: readonly Descriptor[],
): boolean {
  if (unixSockets === 'connected') return true;
  return (
    provider !== 'lsm' && staying.some(({ kind, type }) => kind !== 'unix' && type !== null && type !== 'SOCK_DGRAM')
  );
}

const strictness = { all: 0, pathname: 1, connected: 2 } as const;

/** A drop cannot be widened or narrowed afterwards; an answer that suits both would be a lie. */
export function checkNoNarrower(inForce: DropInForce, options: ResolvedOptions): void {
  const weaker = options.provider !== 'auto' && compareStrength(inForce.provider, options.provider) < 0;
  const wider = strictness[inForce.unixSockets] < strictness[options.unixSockets];
  if (!weaker && !wider) return;
  throw new DisableNetworkError(
    'ERR_DISABLENETWORK_CONFLICT',
    `The network of this process is disabled already, by provider '${inForce.provider}' with unixSockets ` +
      `'${inForce.unixSockets}', and this call asks for more (provider '${options.provider}', unixSockets ` +
      `'${options.unixSockets}'). Ask for it in the first call, in this process or in the one that started it.`,
  );
}
