// SPDX-License-Identifier: MIT
import type { RawDescriptor, RawThread } from '../native/binding';

// Of another table only the links are known, so every socket counts, and devices go by their name.
const matters = /^(socket:\[|anon_inode:\[io_uring\]|\/dev\/(net\/tun|tap\d|vhost-|ppp|wwan\d|infiniband\/))/;

/**
 * What other threads have open and the calling thread has not. Threads share one descriptor table as
 * a rule; one that called unshare(CLONE_FILES) has its own, and nobody else can close what is in it.
 */
export function findForeignDescriptors(threads: readonly RawThread[], own: readonly RawDescriptor[]): string[] {
  // All rings have the same link.
  const ownLinks = new Set(own.map(({ link }) => link).filter((link) => link.startsWith('socket:')));
  const foreign = threads.flatMap(({ links }) => links).filter((link) => matters.test(link) && !ownLinks.has(link));
  return [...new Set(foreign)];
}
