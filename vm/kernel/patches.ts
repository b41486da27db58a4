// SPDX-License-Identifier: MIT
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runBound } from '../children';
import { VmError } from '../errors';
import { seriesFolder } from '../package-folder';
import type { Base } from './source';

/** The patches of a series in their order; its cover letter is none. */
export function listPatches(base: Base, folder = seriesFolder): readonly string[] {
  const patches = path.join(folder, 'patches', base);
  const names = existsSync(patches) ? readdirSync(patches) : [];
  const found = names.filter((name) => /^\d{4}-.*\.patch$/.test(name) && !name.startsWith('0000-')).sort();
  if (found.length === 0) throw new VmError('source', `there is no series for ${base} in ${patches}`);
  return found.map((name) => path.join(patches, name));
}

/** Applies each patch exactly: a place that has moved is found, a changed one is an error. */
export async function applyPatches(tree: string, patches: readonly string[]): Promise<void> {
  for (const file of patches) {
    const { code, output } = await runBound(
      ['patch', '--strip=1', '--fuzz=0', '--forward', '--batch', '--no-backup-if-mismatch', '--reject-file=-'],
      { cwd: tree, input: readFileSync(file, 'utf8') },
    );
    if (code === 0) continue;
    const first = output
      .split('\n')
      .find((line) => /FAILED|can't find|No such file|Reversed|already exists/.test(line));
    throw new VmError(
      'source',
      `the tree does not take ${path.basename(file)}: ${first?.trim().replace(/\.$/, '') ?? 'see above'}. ` +
        'Use --no-patch for a tree that has the series already, or none of it.',
      output,
    );
  }
}
