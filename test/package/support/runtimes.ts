// SPDX-License-Identifier: MIT
// The runtimes that the package promises to work on, from npm, at the versions of a lock of their own:
// 1 GB that no other test needs, so they are kept in the user's cache.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

const manifest = path.join(__dirname, '../runtimes');

export interface Runtime {
  readonly name: string;
  /** The program and its arguments before the script. */
  readonly command: readonly [string, ...string[]];
  /** The codes of a connection that the drop refuses; Deno and Bun have names of their own. */
  readonly refusals: readonly string[];
}

export interface Runtimes {
  readonly all: readonly Runtime[];
  readonly npm: Readonly<Record<'11' | '12', readonly string[]>>;
  readonly newestNode: string;
}

/** Installs the runtimes once for each lock, which takes half a minute. */
export function installRuntimes(): Runtimes {
  const lock = readFileSync(path.join(manifest, 'package-lock.json'));
  const hash = createHash('sha256').update(lock).digest('hex').slice(0, 16);
  const cache = path.join(process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'disablenetwork');
  const folder = path.join(cache, `runtimes-${hash}`);
  if (!existsSync(folder)) {
    mkdirSync(cache, { recursive: true });
    const aside = mkdtempSync(path.join(cache, '.runtimes-'));
    for (const name of ['package.json', 'package-lock.json']) {
      copyFileSync(path.join(manifest, name), path.join(aside, name));
    }
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: aside });
    try {
      renameSync(aside, folder);
    } catch (error) {
      rmSync(aside, { recursive: true, force: true });
      if (!existsSync(folder)) throw error;
    }
  }
  return describe(path.join(folder, 'node_modules'));
}

function describe(modules: string): Runtimes {
  const node = (version: number) => path.join(modules, `node-${version}/bin/node`);
  const npm = (version: number) => path.join(modules, `npm-${version}/bin/npm-cli.js`);
  const nodes = [20, 22, 24, 26].map((version): Runtime => {
    return { name: `Node ${version}`, command: [node(version)], refusals: ['EPERM', 'ERR_DISABLENETWORK_DENIED'] };
  });
  const deno: Runtime = {
    name: 'Deno',
    command: [path.join(modules, '@deno/linux-x64-glibc/deno'), 'run', '--allow-all', '--node-modules-dir=manual'],
    refusals: ['EPERM', 'EACCES', 'ERR_DISABLENETWORK_DENIED'],
  };
  const bun: Runtime = {
    name: 'Bun',
    command: [path.join(modules, '@oven/bun-linux-x64/bin/bun')],
    refusals: ['EPERM', 'ECONNREFUSED', 'ERR_DISABLENETWORK_DENIED'],
  };
  return {
    all: [...nodes, deno, bun],
    npm: { 11: [node(24), npm(11)], 12: [node(24), npm(12)] },
    newestNode: node(26),
  };
}
