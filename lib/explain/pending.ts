// SPDX-License-Identifier: MIT
// What was asked before the drop, by functions that nobody watched then: its answer is still to come.
import { createHook, executionAsyncResource } from 'node:async_hooks';
import { nameQuery } from '../inventory/owners';
import type { Descriptor } from '../types';
import { replace, type Watcher } from './wrap';

/** How often it is asked whether c-ares still waits on what is dead: it hears of it by its own timeout. */
const milliseconds = 1000;

/**
 * Shows the errors of queries that are under way in c-ares, when the drop has closed a socket of
 * theirs. Nothing lists these queries; each is looked at in the moment before its answer is handed on.
 */
export function watchPending(
  closed: readonly Descriptor[],
  watcher: Watcher,
  listPolled: () => readonly number[],
): void {
  const dead = closed.filter(({ owner }) => owner === nameQuery).map(({ fd }) => fd);
  if (dead.length === 0) return;
  const hook = createHook({
    before: () => {
      const query = executionAsyncResource();
      if (query.constructor.name !== 'QueryReqWrap') return;
      // Queries of node:dns have a callback, and those of node:dns/promises this.
      for (const name of ['callback', 'reject']) {
        replace(query, name, (original) => answerAfterLook(original as Answer, watcher));
      }
    },
  }).enable();
  // Whoever has such a hook pays for it with each callback and promise.
  let ended = false;
  const timer = setInterval(() => {
    if (ended) {
      clearInterval(timer);
      hook.disable();
    }
    // The sockets go first, and then the answers come.
    const polled = listPolled();
    ended = !dead.some((fd) => polled.includes(fd));
  }, milliseconds).unref();
}

type Answer = (this: unknown, ...results: unknown[]) => unknown;

function answerAfterLook(original: Answer, watcher: Watcher): Answer {
  return function (this: unknown, ...results: unknown[]): void {
    watcher.lookThen(results[0], () => Reflect.apply(original, this, results));
  };
}
