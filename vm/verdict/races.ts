// SPDX-License-Identifier: MIT
// The kernel has data races of its own, which KCSAN's strict rules report by the dozen. A report is the
// module's business when one of the two functions that it names is the module's.
import { plainName } from '../kernel/module-functions';
import type { LogFault } from '../guest/log-scan';

/** Whether it is a report of a race between two functions of others. */
export function isForeignRace({ kind, line }: LogFault, functions: ReadonlySet<string> | null): boolean {
  const sides = /BUG: KCSAN: (?:data-race|assert: race) in (.*)$/.exec(line)?.[1]?.split(' / ');
  if (kind !== 'kcsan' || sides === undefined || functions === null) return false;
  return !sides.some((side) => functions.has(plainName(side.replace(/\+0x.*$/, '').trim())));
}

/** All of them, for what does not count must still be seen; each line once. */
export function describeRaces(races: readonly LogFault[]): string {
  const counts = new Map<string, number>();
  for (const { line } of races) counts.set(line, (counts.get(line) ?? 0) + 1);
  const lines = [...counts].map(([line, count]) => `\n    ${count} times: ${line}`).sort();
  return `${races.length} races elsewhere in the kernel, which do not count:${lines.join('')}`;
}
