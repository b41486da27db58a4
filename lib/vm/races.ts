// SPDX-License-Identifier: MIT
// The kernel has data races of its own, which KCSAN's strict rules report by the dozen. A report is the
// module's business when one of the two functions that it names is the module's.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { VmError } from './errors';
import type { LogFault } from './log-scan';

const listName = 'functions';

/** Notes the functions of the module's objects beside the image, as a report would name them. */
export function writeFunctions(objects: string, kernel: string): void {
  const names = readdirSync(objects).filter((name) => name.endsWith('.o'));
  const { stdout, status, stderr } = spawnSync('nm', ['--defined-only', ...names], { cwd: objects, encoding: 'utf8' });
  if (status !== 0) throw new VmError('build', 'nm cannot read the objects of the module', stderr);
  const functions = [...stdout.matchAll(/^[0-9a-f]+ [tT] (\S+)$/gm)].map(([, name = '']) => plainName(name));
  writeFileSync(path.join(kernel, listName), [...new Set(functions)].sort().join('\n'));
}

// What the compiler adds to the name of a part or a variant.
const plainName = (name: string): string => name.replace(/\.(cold|constprop|isra|part)\b.*$/, '');

/** The functions of the module; null where they are not known, and every report counts. */
export function readFunctions(kernel: string | null): ReadonlySet<string> | null {
  const file = path.join(kernel ?? '', listName);
  return kernel === null || !existsSync(file) ? null : new Set(readFileSync(file, 'utf8').split('\n'));
}

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
