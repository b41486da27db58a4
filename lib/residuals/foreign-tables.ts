// SPDX-License-Identifier: MIT
import { findForeignDescriptors, readDescriptors } from '../inventory';
import type { NativeBinding, RawDescriptor, RawThread } from '../native/binding';
import { nameOfErrno } from '../system-error';
import type { Residual } from '../types';
import { readThreads } from '../inventory/threads';
import type { Confinement } from './descriptor';

/**
 * What threads with a descriptor table of their own have open: the caller can neither close it nor say
 * much of it. Something that is closed between the look at the threads and that at the own table would
 * seem to be foreign; it is gone at the second pair of looks, when what is foreign is still there.
 */
export function findForeignTables(
  binding: NativeBinding,
  threads: readonly RawThread[],
  confinement: Confinement,
): Residual[] {
  const first = look(binding, threads, confinement);
  if (first.length === 0) return [];
  const second = look(binding, readThreads(binding, 0), confinement);
  const ways = [...new Set(second)].filter((way) => first.includes(way));
  return ways.length === 0 ? [] : [residual(ways)];
}

function look(binding: NativeBinding, threads: readonly RawThread[], { provider }: Confinement): string[] {
  const tables = threads.map(({ foreign }) => foreign).filter((table) => typeof table !== 'number');
  const unreadable = threads.flatMap(({ tid, foreign }) =>
    typeof foreign === 'number' ? [`unknown: the table of thread ${String(tid)} answers ${nameOfErrno(foreign)}`] : [],
  );
  const all = tables.flat();
  if (all.length === 0) return unreadable;
  const found = findForeignDescriptors(all, readDescriptors(binding));
  // The kernel patch asks at each use of a socket, whoever's table it is in.
  return [...unreadable, ...found.filter(({ socket }) => provider !== 'lsm' || socket === null).map(nameOf)];
}

function nameOf({ link, device }: RawDescriptor): string {
  if (link !== '') return link;
  return device === null ? 'a file whose path is too long' : `a device file (${device}) whose path is too long`;
}

function residual(ways: readonly string[]): Residual {
  return {
    id: 'descriptor-table',
    descriptor: null,
    ways: [`what is open in another thread's own descriptor table: ${ways.join(', ')}`],
    remedy: "Call from that thread, end it first, or accept it with residuals: ['descriptor-table'].",
    closable: false,
  };
}
