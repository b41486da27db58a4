// SPDX-License-Identifier: MIT
import { readdirSync, readlinkSync } from 'node:fs';

// Node marks the descriptors from 0 to 15 in any case, and goes on to the first that is not open
// (libuv's uv_disable_stdio_inheritance).
const alwaysMarked = 16;

/**
 * The descriptors above standard error that came with this process and would not pass to the
 * command: a socket from systemd, make's job server, a pipe, Node's IPC channel.
 *
 * Node marks what it inherits close-on-exec when it starts, as it marks its own, and nothing in the
 * kernel tells them apart any more. But a new descriptor takes the lowest free number, and an epoll
 * is the first thing that Node opens and keeps: all below it was inherited. Above it, Node's own
 * epolls, pipes and the like have filled the gaps before any JavaScript could open a file or a
 * socket, so that whatever else has a marked number was inherited. Behind the first high number that
 * was not open, what was inherited is not marked.
 *
 * To be called before the drop: what takes the place of a descriptor that the drop closes may be an
 * epoll, too.
 */
export function listInherited(): readonly number[] {
  return findInherited(readLinks());
}

/**
 * As {@link listInherited}, in a table that the caller describes.
 *
 * @param links What `/proc/self/fd/N` links to, by descriptor.
 */
export function findInherited(links: ReadonlyMap<number, string>): readonly number[] {
  const descriptors = [...links.keys()].filter((fd) => fd > 2).sort((a, b) => a - b);
  const firstOwn = descriptors.find((fd) => links.get(fd) === 'anon_inode:[eventpoll]') ?? Infinity;
  let firstUnmarked = alwaysMarked;
  while (links.has(firstUnmarked)) firstUnmarked++;
  return descriptors.filter((fd) => fd < firstOwn || (fd < firstUnmarked && !mayBeOwn(links.get(fd) ?? '', links)));
}

function mayBeOwn(link: string, links: ReadonlyMap<number, string>): boolean {
  if (link === '/dev/null' || link.startsWith('anon_inode:')) {
    return true;
  }
  // Node holds both ends of the pipes by which it wakes itself.
  return link.startsWith('pipe:') && [...links.values()].filter((other) => other === link).length > 1;
}

function readLinks(): ReadonlyMap<number, string> {
  const links = new Map<number, string>();
  for (const entry of readdirSync('/proc/self/fd')) {
    try {
      links.set(Number(entry), readlinkSync(`/proc/self/fd/${entry}`));
    } catch {
      // The descriptor by which the folder was read.
    }
  }
  return links;
}
