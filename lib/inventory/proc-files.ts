// SPDX-License-Identifier: MIT
import { constants } from 'node:fs';
import type { RawDescriptor } from '../native/binding';

/**
 * Files in proc that may be written, and that reach no further than the kernel lets this process reach
 * at the time: what is set there of a process is asked for anew at each write, or leads nowhere.
 */
const harmlessNames: ReadonlySet<string> = new Set([
  'comm',
  'coredump_filter',
  'oom_adj',
  'oom_score_adj',
  'timerslack_ns',
  'autogroup',
  'sched',
  'loginuid',
  'uid_map',
  'gid_map',
  'projid_map',
  'setgroups',
  'timens_offsets',
  // attr/
  'current',
  'exec',
  'fscreate',
  'keycreate',
  'prev',
  'sockcreate',
  // pressure/: somebody wants to be told when a resource is short.
  'cpu',
  'io',
  'memory',
  'irq',
]);

/**
 * Whether the file reaches into another process: `/proc/PID/mem` above all, whose permission is asked
 * when it is opened and never again. A name alone proves nothing, for the file may be mounted at any
 * place, and the link of an ended task has something behind it. Its permissions do: proc lets nobody
 * change those of a process's files (proc_setattr() in fs/proc/base.c), and of them the memory alone
 * is for its owner both to read and to write, while everybody may read what is harmless. Of all else,
 * what is open for reading writes nothing.
 */
export function reachesElsewhere({ inProc, writable, mode, link }: RawDescriptor): boolean {
  if (!inProc || mode === null) return false;
  const isPrivate = (mode & constants.S_IROTH) === 0;
  if (isPrivate && (mode & constants.S_IWUSR) !== 0) return true;
  return writable && (isPrivate || !harmlessNames.has(link.slice(link.lastIndexOf('/') + 1)));
}
