// SPDX-License-Identifier: MIT
import { Deadline } from '../deadline';
import { withProcessLock } from '../drop/lock';
import { unfinishedError } from '../drop/partial';
import type { NativeBinding } from '../native/binding';
import type { ResolvedOptions } from '../options/resolve';
import { sideEffectsOf } from '../drop/limits';
import { checkNoNarrower } from '../drop/plan';
import { inForceOf, probeKernel } from '../kernel/probe';
import { installExplanations } from '.';

/**
 * For a thread of a process whose network is off already: errors say so here as well. What is open is
 * not judged anew, for the promise is the process's, and so is what was accepted when it was made.
 *
 * @returns False when the network is on.
 * @throws DisableNetworkError
 * - `ERR_DISABLENETWORK_CONFLICT`: the options ask for more than is in force.
 * - `ERR_DISABLENETWORK_PARTIAL`: an earlier drop failed halfway.
 */
export function joinDropInForce(binding: NativeBinding, options: ResolvedOptions): boolean {
  // Another thread may be in the middle of a drop.
  const { state, landlockAbi } = withProcessLock(binding, new Deadline(), () => probeKernel(binding));
  if (state === 'unfinished') throw unfinishedError(binding);
  const inForce = inForceOf(state);
  if (inForce === null) return false;
  checkNoNarrower(inForce, options);
  const { provider, unixSockets } = inForce;
  const sideEffects = sideEffectsOf({ ...inForce, landlockAbi, restrictedRings: [], alreadyInForce: true });
  if (options.explain) installExplanations({ provider, landlockAbi, unixSockets, sideEffects });
  return true;
}
