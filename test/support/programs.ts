// SPDX-License-Identifier: MIT
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { buildOnce, support } from './folders';

/**
 * Compiles `programs/NAME.c` if need be, and answers the path of the program. A line of it that starts
 * with `// gcc: ` has further options.
 */
export function compileProgram(name: string): string {
  const source = join(support, 'programs', `${name}.c`);
  const folder = buildOnce(name, [source], (target) => {
    const more = /^\/\/ gcc: (.*)$/m.exec(readFileSync(source, 'utf8'))?.[1]?.split(' ') ?? [];
    const options = ['-O1', '-Wall', '-Wextra', '-Werror', '-pthread', ...more];
    execFileSync('gcc', [...options, '-o', join(target, name), source]);
  });
  return join(folder, name);
}
