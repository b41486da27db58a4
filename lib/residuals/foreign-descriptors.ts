// SPDX-License-Identifier: MIT
import { constants } from 'node:fs';
import type { RawDescriptor } from '../native/binding';
import { classify } from '../inventory/classify';

/** Files without a name that tell of events, and do nothing. */
const harmless: ReadonlySet<string> = new Set([
  'anon_inode:[eventpoll]',
  'anon_inode:[eventfd]',
  'anon_inode:[timerfd]',
  'anon_inode:[signalfd]',
  'anon_inode:inotify',
  'anon_inode:[pidfd]',
]);

/**
 * What is open in another thread's descriptor table and not in the caller's. Threads share one table
 * as a rule; one that called unshare(CLONE_FILES) has its own, and nobody else can close what is in
 * it. Of a socket there only its number is known, so each counts; of the rest, all that is not known
 * to be harmless.
 */
export function findForeignDescriptors(
  foreign: readonly RawDescriptor[],
  own: readonly RawDescriptor[],
): RawDescriptor[] {
  // Other links say nothing: all rings have the same.
  const ownSockets = new Set(own.filter(({ socket }) => socket !== null).map(({ link }) => link));
  return foreign.filter((raw) => !isHarmless(raw) && !ownSockets.has(raw.link));
}

function isHarmless(raw: RawDescriptor): boolean {
  if (classify(raw) !== 'other') return false;
  const hasName = !raw.link.startsWith('anon_inode:');
  return hasName ? ((raw.mode ?? 0) & constants.S_IFMT) !== 0 : harmless.has(raw.link);
}
