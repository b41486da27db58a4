// SPDX-License-Identifier: MIT
import { chmodSync, copyFileSync, cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Account, canEnter } from './account';
import { type Place, runProgram } from './start';

/** What the service is started from. */
export interface Program {
  readonly node: string;
  readonly script: string;
}

const root = join(__dirname, '..', '..');
const script = join('build', 'demo', 'service.js');

/**
 * A service that does not run as root cannot read a clone in root's home. So root's demo runs it
 * from a copy of what it needs, and of Node where Node is out of its reach as well.
 */
export function programFor(account: Account, place: Place): Program {
  const { uid, gid } = account.identity;
  if (uid === undefined || gid === undefined) return { node: process.execPath, script: join(root, script) };

  const copy = join(place.directory, 'package');
  const modules = [...closure(['pg'])].map((name) => join('node_modules', name));
  for (const part of ['package.json', 'dist', 'prebuilds', 'build/demo', ...modules]) {
    if (existsSync(join(root, part))) cpSync(join(root, part), join(copy, part), { recursive: true });
  }
  runProgram('chmod', ['-R', 'a+rX', copy], { name: 'root', identity: {} }, place.directory);

  let node = process.execPath;
  if (!canEnter(account, node)) {
    node = join(place.directory, 'node');
    copyFileSync(process.execPath, node);
    chmodSync(node, 0o755);
  }
  return { node, script: join(copy, script) };
}

/** The packages and all that they depend on, as far as it is installed. */
function closure(names: readonly string[], found = new Set<string>()): Set<string> {
  for (const name of names) {
    const file = join(root, 'node_modules', name, 'package.json');
    if (found.has(name) || !existsSync(file)) continue;
    found.add(name);
    const { dependencies = {} } = JSON.parse(readFileSync(file, 'utf8')) as { dependencies?: Record<string, string> };
    closure(Object.keys(dependencies), found);
  }
  return found;
}
