// SPDX-License-Identifier: MIT
// What the guest program prints, read and condensed.
import { VmError } from '../../vm/errors';

/** How often each number of instructions came. */
export type Counts = ReadonlyMap<number, number>;

export interface GuestCounts {
  readonly counts: ReadonlyMap<string, Counts>;
  /** Each value of each boot. */
  readonly values: ReadonlyMap<string, readonly number[]>;
}

/** Reads the output of one boot; throws when the program gave up. */
export function parseCounts(output: string): GuestCounts {
  const counts = new Map<string, Counts>();
  const values = new Map<string, readonly number[]>();
  for (const line of output.split('\n')) {
    const [kind, name = '', ...words] = line.split(' ');
    if (kind === 'error') throw new VmError('program', `the counting program gave up: ${line}`);
    if (kind === 'value') values.set(name, [readNumber(words[0], line)]);
    if (kind === 'count') counts.set(name, new Map(words.map((word) => readPair(word, line))));
  }
  return { counts, values };
}

function readPair(word: string, line: string): readonly [number, number] {
  const [value, times] = word.split('*');
  return [readNumber(value, line), readNumber(times, line)];
}

function readNumber(text: string | undefined, line: string): number {
  if (text === undefined || !/^-?\d+$/.test(text)) {
    throw new VmError('program', `the counting program printed a line that is none of its own: ${line.slice(0, 80)}`);
  }
  return Number(text);
}

/** The boots of one configuration as one. */
export function mergeCounts(boots: readonly GuestCounts[]): GuestCounts {
  const counts = new Map<string, Map<number, number>>();
  const values = new Map<string, readonly number[]>();
  for (const boot of boots) {
    for (const [name, one] of boot.counts) {
      const all = counts.get(name) ?? new Map<number, number>();
      one.forEach((times, value) => all.set(value, (all.get(value) ?? 0) + times));
      counts.set(name, all);
    }
    boot.values.forEach((list, name) => values.set(name, [...(values.get(name) ?? []), ...list]));
  }
  return { counts, values };
}

export const total = (counts: Counts): number => [...counts.values()].reduce((sum, times) => sum + times, 0);

/** The number that came most often; of several the smallest. */
export function mode(counts: Counts): number {
  const [first] = [...counts].sort(([a, timesOfA], [b, timesOfB]) => timesOfB - timesOfA || a - b);
  if (first === undefined) throw new VmError('program', 'nothing was counted');
  return first[0];
}

export function minimum(counts: Counts): number {
  if (counts.size === 0) throw new VmError('program', 'nothing was counted');
  return Math.min(...counts.keys());
}

/** The smallest number that at least half of all do not exceed. */
export function median(counts: Counts): number {
  const half = total(counts) / 2;
  let seen = 0;
  for (const [value, times] of [...counts].sort(([a], [b]) => a - b)) {
    seen += times;
    if (seen >= half) return value;
  }
  throw new VmError('program', 'nothing was counted');
}

export function medianOf(list: readonly number[]): number {
  return median(new Map(list.map((value) => [value, list.filter((other) => other === value).length])));
}
