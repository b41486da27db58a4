// SPDX-License-Identifier: MIT
import type { Deadline } from '../deadline';
import type { NativeBinding } from '../native/binding';
import type { ResolvedOptions } from '../options/resolve';
import type { FullPlan } from './plan';
import type { AttemptId, Descriptor } from '../types';
import { attemptsAfterwards, namesOfAttempts, prepareAttempts } from './attempts';
import { closeAndLookAgain, type Settled } from './close';
import { beginDrop, finishDrop } from './commit';
import { orPartial, rememberingPartial } from './partial';
import { countCoveredThreads, tryInEveryThread } from './verify';

/** What a drop came to; the receipt says it. */
export interface Dropped extends Settled {
  /** Threads found covered. */
  readonly threads: number;
  readonly tried: readonly AttemptId[];
}

/**
 * Puts a plan in force: every mechanism on every thread, then each way that is claimed to be closed is
 * tried, what the plan says is closed, everything is looked at once more, and at last the kernel says
 * that the drop is in force.
 *
 * @throws DisableNetworkError `ERR_DISABLENETWORK_KERNEL`, and nothing has changed; or
 * `ERR_DISABLENETWORK_PARTIAL`, and every later call throws it too.
 */
export function makeDrop(
  binding: NativeBinding,
  { plan, enforcement, confinement }: FullPlan,
  options: ResolvedOptions,
  deadline: Deadline,
): Dropped {
  const attempts = prepareAttempts(binding, enforcement);
  // What is accepted stays as it is, and what is to be closed is there until then.
  const leavesRings = plan.accepted.some(({ id }) => id === 'io-uring') || plan.toClose.some(isRing);
  const restrictedRings = rememberingPartial(binding, () => beginDrop(binding, enforcement, deadline, !leavesRings));
  return orPartial(binding, () => {
    tryInEveryThread(binding, attempts, deadline);
    binding.closeAttempts();
    const settled = closeAndLookAgain(binding, plan.toClose, options, { ...confinement, restrictedRings }, deadline);
    const threads = countCoveredThreads(binding, enforcement);
    finishDrop(binding, enforcement);
    return { ...settled, threads, tried: namesOfAttempts(attempts) };
  });
}

/** A drop that an earlier call has made is tried again as far as it can be, and narrowed where asked. */
export function confirmDrop(
  binding: NativeBinding,
  { plan, enforcement, confinement }: FullPlan,
  options: ResolvedOptions,
  deadline: Deadline,
): Dropped {
  const attempts = attemptsAfterwards(enforcement);
  return rememberingPartial(binding, () => {
    tryInEveryThread(binding, attempts, deadline);
    const threads = countCoveredThreads(binding, enforcement);
    const settled = closeAndLookAgain(binding, plan.toClose, options, confinement, deadline);
    return { ...settled, threads, tried: namesOfAttempts(attempts) };
  });
}

function isRing({ kind }: Descriptor): boolean {
  return kind === 'io-uring';
}
