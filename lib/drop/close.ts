// SPDX-License-Identifier: MIT
import { constants } from 'node:os';
import { DisableNetworkError } from '../errors';
import type { Deadline } from '../deadline';
import { takeInventory } from '../inventory';
import { findOwners } from '../inventory/owners';
import type { NativeBinding } from '../native/binding';
import type { ResolvedOptions } from '../options/resolve';
import { readThreads } from '../inventory/threads';
import { toPartial } from './partial';
import { isListener } from './plan';
import { findResiduals, sortResiduals } from '../residuals/find';
import { countRings } from '../residuals/hidden-rings';
import { needsFilter } from '../kernel/enforcement';
import type { Confinement } from '../residuals/descriptor';
import { adviceFor, nameOfErrno } from '../system-error';
import type { Descriptor, Residual } from '../types';
import { describeResiduals } from '../residuals/describe';
import type { Owned } from './release';

/** A thread that keeps opening sockets would have been stopped by the filter: this many looks are plenty. */
const mostLooks = 8;

/** A thread that waits on what is closed has to be got out of it, however late it is: in milliseconds. */
const patience = 1000;

/** What is answered when a thread could not be got out of a call, and what that means. */
const waiting: readonly number[] = [constants.errno.ETIMEDOUT, constants.errno.EBUSY];
const waitingAdvice = 'A thread that takes no signal still waits in a call on it, for example accept().';

export interface Settled {
  readonly closed: readonly Descriptor[];
  /** Node's objects for what was closed, which do not know of it yet. */
  readonly owned: readonly Owned[];
  readonly accepted: readonly Residual[];
  readonly open: readonly Descriptor[];
}

/**
 * Closes what the plan says, then looks again: another thread may have opened a socket between the
 * plan and the commit. No new one can appear now, so this comes to an end.
 */
export function closeAndLookAgain(
  binding: NativeBinding,
  planned: readonly Descriptor[],
  options: ResolvedOptions,
  confinement: Confinement,
  deadline: Deadline,
): Settled {
  const closed: Descriptor[] = [];
  const owned: Owned[] = [];
  let toClose = planned;
  try {
    for (let look = 0; look < mostLooks; look += 1) {
      owned.push(...kill(binding, toClose, deadline));
      closed.push(...toClose);
      const open = takeInventory(binding).filter((descriptor) => !isPlaceholder(descriptor, closed));
      const { provider, unixSockets } = confinement;
      const rings = needsFilter(provider, unixSockets) ? countRings(binding, deadline) : null;
      const found = findResiduals(binding, open, readThreads(binding, 0), confinement, rings);
      const sorted = sortResiduals(found, options);
      if (sorted.residuals.length > 0) throw late(sorted.residuals, confinement.alreadyInForce && closed.length === 0);
      const listeners = options.listeners === 'close' ? open.filter(isListener) : [];
      toClose = [...new Set([...sorted.toClose, ...listeners])];
      if (toClose.length === 0) return { closed, owned, accepted: sorted.accepted, open };
    }
    throw late([], false);
  } catch (error) {
    // What is closed stays closed, also where the drop itself is an earlier call's.
    throw closed.length > 0 ? toPartial(error) : error;
  }
}

/** @returns The objects of Node that held what is closed now. */
function kill(binding: NativeBinding, descriptors: readonly Descriptor[], deadline: Deadline): Owned[] {
  if (descriptors.length === 0) return [];
  const owners = findOwners(binding);
  const results = binding.killDescriptors(descriptors, deadline.remaining(patience));
  const failure = results.findIndex((result) => result < 0);
  if (failure < 0) {
    return descriptors.flatMap((descriptor) => {
      const object = owners.get(descriptor.fd)?.object ?? null;
      return object === null ? [] : [{ object, descriptor }];
    });
  }
  const result = results[failure] ?? 0;
  const limit = waiting.includes(-result) ? waitingAdvice : adviceFor(result, 'dup3');
  throw new DisableNetworkError(
    'ERR_DISABLENETWORK_PARTIAL',
    `Descriptor ${String(descriptors[failure]?.fd)} could not be closed: ${nameOfErrno(result)}. ` +
      `${limit === null ? '' : `${limit} `}The network is disabled, but what the descriptor leaves open is open: end this process.`,
    { errno: result, syscall: 'dup3' },
  );
}

/**
 * A connection that was closed leaves a dead Unix socket under its number, until its owner lets go. It
 * has no name and no kind but one: another socket may have been put there before the descriptor was killed.
 */
function isPlaceholder({ fd, kind, type, local, remote }: Descriptor, closed: readonly Descriptor[]): boolean {
  const isNameless = kind === 'unix' && type === 'SOCK_STREAM' && local === null && remote === null;
  return isNameless && closed.some((descriptor) => descriptor.fd === fd);
}

function late(residuals: readonly Residual[], nothingChanged: boolean): DisableNetworkError {
  if (nothingChanged) {
    const text = `The network was disabled before, and this is open now.\n${describeResiduals(residuals)}`;
    return new DisableNetworkError('ERR_DISABLENETWORK_RESIDUALS', text, { residuals });
  }
  return new DisableNetworkError(
    'ERR_DISABLENETWORK_PARTIAL',
    'The network was disabled, but another thread opened a way out meanwhile. End this process; in the ' +
      `next one, call when no other thread opens sockets.\n${describeResiduals(residuals)}`,
    { residuals },
  );
}
