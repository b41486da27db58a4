// SPDX-License-Identifier: MIT
// What a run is made of, built when it has changed: the injector, the addon, the program, the copy of the
// package.
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { buildOnce, filesOf, repository } from '../../support/folders';
import { compileProgram } from '../../support/programs';
import { transpile } from '../../transpile';

const folder = path.join(repository, 'test/faults');
const native = path.join(folder, 'native');

export interface Parts {
  readonly injector: string;
  readonly addon: string;
  readonly program: string;
  /** Hides Landlock from what it starts. */
  readonly withoutLandlock: string;
}

function compile(name: string, source: string, options: readonly string[]): string {
  const built = buildOnce(`faults-${name}`, filesOf(native), (target) => {
    const warnings = ['-Wall', '-Wextra', '-Werror'];
    execFileSync('gcc', ['-O2', ...warnings, '-pthread', ...options, '-o', path.join(target, name), source]);
  });
  return path.join(built, name);
}

export function buildParts(): Parts {
  const sources = filesOf(path.join(folder, 'program'));
  const program = buildOnce('faults-program', sources, (target) => {
    for (const source of sources) {
      const { code } = transpile(readFileSync(source, 'utf8'), source);
      writeFileSync(path.join(target, `${path.basename(source, '.ts')}.js`), code);
    }
  });
  const headers = path.resolve(process.execPath, '../../include/node');
  return {
    injector: compile('inject', path.join(native, 'inject.c'), []),
    addon: compile('addon.node', path.join(native, 'addon.c'), ['-shared', '-fPIC', `-I${headers}`]),
    program: path.join(program, 'main.js'),
    withoutLandlock: compileProgram('without-landlock'),
  };
}

/** Another copy, as a second version of the package in a tree of dependencies would be. */
export function copyPackage(source: string, target: string): void {
  for (const part of ['package.json', 'dist', 'prebuilds']) {
    cpSync(path.join(source, part), path.join(target, part), { recursive: true });
  }
}
