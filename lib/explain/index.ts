// SPDX-License-Identifier: MIT
import { loadBinding } from '../native/load';
import type { Descriptor } from '../types';
import { explain } from './explain';
import { watchFunctions } from './functions';
import { explainNotFound } from './not-found';
import { watchPending } from './pending';
import { policyOf, type DropPolicy, type ExplainedPlan } from './policy';
import { watchSockets } from './sockets';
import type { Watcher } from './wrap';

/**
 * Makes errors that the drop causes say so, in this thread: a Worker has modules of its own, so one
 * that wants explanations calls disableNetwork() itself.
 *
 * Called again, it follows the plan of that call and changes nothing else. Never throws: what is in
 * force does not depend on it.
 */
export function installExplanations(plan: ExplainedPlan, closed: readonly Descriptor[] = []): void {
  const installed = policy !== undefined;
  policy = policyOf(plan, () => loadBinding().hasKilledDescriptors());
  try {
    watchPending(closed, watcher, () => loadBinding().inspectEventLoop(() => []).polled);
    if (installed) return;
    watchSockets(watcher);
    watchFunctions(watcher);
  } catch {
    // A runtime that is not Node lacks a part of this; its errors stay as they are.
  }
}

let policy: DropPolicy | undefined;

const watcher: Watcher = {
  look: (error) => {
    if (policy !== undefined) explain(error, policy);
  },
  lookThen: (error, proceed) => {
    watcher.look(error);
    if (policy === undefined) proceed();
    else explainNotFound(error, policy, proceed);
  },
};
