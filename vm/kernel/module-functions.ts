// SPDX-License-Identifier: MIT
// The names of the module's functions, as a report of the kernel would give them.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { VmError } from '../errors';

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
export const plainName = (name: string): string => name.replace(/\.(cold|constprop|isra|part)\b.*$/, '');

/** The functions of the module; null where they are not known, and every report counts. */
export function readFunctions(kernel: string | null): ReadonlySet<string> | null {
  const file = path.join(kernel ?? '', listName);
  return kernel === null || !existsSync(file) ? null : new Set(readFileSync(file, 'utf8').split('\n'));
}
