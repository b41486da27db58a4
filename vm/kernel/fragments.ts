// SPDX-License-Identifier: MIT
// The Kconfig fragments of a build, later ones over earlier ones.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { withoutSeries } from './check-config';
import { VmError } from '../errors';
import { seriesFolder } from '../package-folder';
import type { Base } from './source';

export type Sanitizer = 'kasan' | 'kcsan';

export interface FragmentOptions {
  readonly base: Base;
  readonly patched: boolean;
  readonly sanitizer: Sanitizer | null;
  readonly coverage: boolean;
  /** The user's own, in the order given. */
  readonly files: readonly string[];
}

/** Their text as one; a symbol that stands twice has the value that stands last. */
export function readFragments(options: FragmentOptions, folder = path.join(seriesFolder, 'config')): string {
  const { base, patched, sanitizer, coverage, files } = options;
  const own = [
    'base.config',
    ...[`base-${base}.config`].filter((name) => existsSync(path.join(folder, name))),
    ...(sanitizer === null ? [] : [`${sanitizer}.config`]),
    ...(coverage ? ['coverage.config'] : []),
  ].map((name) => readFragment(path.join(folder, name)));
  const text = own.join('\n');
  return [patched ? text : withoutSeries(text), ...files.map(readFragment)].join('\n');
}

function readFragment(file: string): string {
  if (!existsSync(file)) throw new VmError('config', `there is no configuration fragment ${file}`);
  return readFileSync(file, 'utf8');
}
