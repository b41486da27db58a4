// SPDX-License-Identifier: MIT
import { Deadline } from '../deadline';
import { describeResiduals } from '../residuals/describe';
import { confirmDrop, makeDrop, type Dropped } from '../drop/drop';
import { freezeDeeply } from '../drop/freeze';
import { limitsAfterwards } from '../drop/limits';
import { withProcessLock } from '../drop/lock';
import { DisableNetworkError } from '../errors';
import { release } from '../drop/release';
import { installExplanations } from '../explain';
import { loadBinding } from '../native/load';
import { resolveOptions } from '../options/resolve';
import { makePlan } from '../drop/plan';
import type { DisableNetworkOptions, Plan, Receipt } from '../types';

/**
 * Takes the network away from the whole process, for good: from every thread, and from every
 * process that it starts afterwards. Connections that are open go on, and so do Unix sockets with a
 * pathname. Nothing brings the network back.
 *
 * A call that returns has been checked: each thread was asked, and tried. A call that throws has
 * changed nothing, unless the code is `ERR_DISABLENETWORK_PARTIAL`; after that one, end the process.
 *
 * The network can be dropped only by a process that cannot gain privilege any more, so no_new_privs
 * is set on all threads as well (Documentation/userspace-api/no_new_privs.rst): setuid programs
 * started afterwards run without the gain.
 *
 * Blocks for some milliseconds, and up to 10 s when a thread of the process does not answer or another
 * one is making a drop.
 *
 * @throws DisableNetworkError
 * - `ERR_DISABLENETWORK_OPTION`: an option is misspelt or has a value that it cannot have.
 * - `ERR_DISABLENETWORK_PLATFORM`: no Linux, or neither x64 nor arm64.
 * - `ERR_DISABLENETWORK_ADDON`: the native addon could not be loaded.
 * - `ERR_DISABLENETWORK_PERMISSION`: Node runs with `--permission` and without `--allow-addons`.
 * - `ERR_DISABLENETWORK_UNSUPPORTED`: the kernel offers no provider, or none that is good enough.
 * - `ERR_DISABLENETWORK_RESIDUALS`: a descriptor that is open leaves a way out; `residuals` lists each.
 * - `ERR_DISABLENETWORK_CONFLICT`: the network is off already, and less narrowly than asked for.
 * - `ERR_DISABLENETWORK_KERNEL`: the kernel refused the first step, a thread did not answer, a limit of
 *   this process or machine is reached, or /proc cannot be read.
 * - `ERR_DISABLENETWORK_PARTIAL`: a later step failed, or the check found a way that is open. Final: each
 *   later call throws it again, in every thread, copy of this package and child.
 */
export function disableNetwork(options?: DisableNetworkOptions): Receipt {
  const resolved = resolveOptions(options);
  const binding = loadBinding();
  const deadline = new Deadline();
  const { receipt, owned } = withProcessLock(binding, deadline, () => {
    const full = makePlan(binding, resolved, deadline);
    refuseResiduals(full.plan);
    const drop = full.plan.alreadyDisabled ? confirmDrop : makeDrop;
    const dropped = drop(binding, full, resolved, deadline);
    return { receipt: toReceipt(full.plan, dropped), owned: dropped.owned };
  });
  // An object may run code of its owner's, even one that calls this function again.
  for (const each of owned) release(each, resolved.explain);
  if (resolved.explain) installExplanations(receipt, receipt.closed);
  return receipt;
}

function toReceipt(plan: Plan, { closed, accepted, open, threads, tried }: Dropped): Receipt {
  return freezeDeeply({
    alreadyDisabled: plan.alreadyDisabled,
    provider: plan.provider,
    landlockAbi: plan.landlockAbi,
    unixSockets: plan.unixSockets,
    mechanisms: plan.mechanisms,
    threads,
    tried,
    kept: open.filter(({ family }) => family !== null),
    closed,
    accepted,
    limits: limitsAfterwards(plan.limits, open),
    sideEffects: plan.sideEffects,
  });
}

/**
 * What {@link disableNetwork} would do with these options, without doing it. Residuals are in the
 * result, not thrown.
 *
 * Has no side effect on the process. A child that shares its memory for a moment tries the drop out,
 * because the kernel cannot be asked in any other way whether it would take it.
 *
 * @throws DisableNetworkError as {@link disableNetwork}, but for `ERR_DISABLENETWORK_RESIDUALS`;
 * `ERR_DISABLENETWORK_PARTIAL` where an earlier call has ended so.
 */
export function planDisableNetwork(options?: DisableNetworkOptions): Plan {
  const resolved = resolveOptions(options);
  const binding = loadBinding();
  const deadline = new Deadline();
  return freezeDeeply(withProcessLock(binding, deadline, () => makePlan(binding, resolved, deadline).plan));
}

function refuseResiduals({ residuals, alreadyDisabled }: Plan): void {
  if (residuals.length === 0) return;
  const state = alreadyDisabled ? 'The network was disabled before' : 'Nothing was changed';
  throw new DisableNetworkError(
    'ERR_DISABLENETWORK_RESIDUALS',
    `The network cannot be disabled completely while this is open. ${state}.\n${describeResiduals(residuals)}`,
    { residuals },
  );
}
