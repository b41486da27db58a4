// SPDX-License-Identifier: MIT
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { buildOnce, support } from './folders';

/** Compiles `programs/NAME.c` if need be, and answers the path of the program. */
export function compileProgram(name: string): string {
  const source = join(support, 'programs', `${name}.c`);
  const folder = buildOnce(name, [source], (target) => {
    execFileSync('gcc', ['-O1', '-Wall', '-Wextra', '-Werror', '-pthread', '-o', join(target, name), source]);
  });
  return join(folder, name);
}
