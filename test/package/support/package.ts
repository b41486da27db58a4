// SPDX-License-Identifier: MIT
// The package as npm would publish it, in throw-away folders.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const repository = path.resolve(__dirname, '../../..');

export interface Folder {
  readonly path: string;
  readonly remove: () => void;
}

/** A folder with a package of its own, so that npm installs there and nowhere above. */
export function emptyFolder(): Folder {
  const folder = mkdtempSync(path.join(tmpdir(), 'disablenetwork-'));
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  return {
    path: folder,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Packs a package, and answers the path of the tarball. */
export function pack(target: string, source: string = repository): string {
  const args = ['pack', source, '--ignore-scripts', '--json', '--loglevel=error', `--pack-destination=${target}`];
  const answer = JSON.parse(execFileSync('npm', args, { cwd: target, encoding: 'utf8' })) as unknown;
  // npm 12 answers an object by package name, older ones an array.
  const [packed] = Object.values(answer as Record<string, { filename: string }>);
  if (packed === undefined) throw new Error('npm packed nothing');
  return path.join(target, packed.filename);
}

export interface Installation {
  readonly status: number | null;
  readonly errors: string;
}

/** Installs as a user would, scripts and all; what npm needs is in its cache since the set-up. */
export function install(npm: readonly string[], folder: string, packages: readonly string[]): Installation {
  const [file, ...args] = [...npm, 'install', '--prefer-offline', '--no-progress', ...packages];
  if (file === undefined) throw new Error('no npm was given');
  const answer = spawnSync(file, args, { cwd: folder, encoding: 'utf8', env: npmEnvironment() });
  // A setting of this machine that npm does not know is no matter of the package.
  const errors = answer.stderr.split('\n').filter((line) => !line.startsWith('npm warn Unknown '));
  return { status: answer.status, errors: errors.join('\n').trim() };
}

/** Without what the npm that runs the tests hands to its children. */
function npmEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
}
