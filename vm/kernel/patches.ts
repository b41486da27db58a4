// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runBound } from '../children';
import { VmError } from '../errors';
import { packageFolder, seriesFolder } from '../package-folder';
import { cacheFolder } from './cache';
import type { Base } from './source';

/**
 * The patches of a series in their order; its cover letter is none. The package has those for 6.12; those for
 * another kernel are made from the same sources, each time, because the sources may have changed.
 */
export function listPatches(base: Base, folder = seriesFolder): readonly string[] {
  const kept = path.join(folder, 'patches', base);
  const patches = existsSync(kept) ? kept : makePatches(base);
  const names = existsSync(patches) ? readdirSync(patches) : [];
  const found = names.filter((name) => /^\d{4}-.*\.patch$/.test(name) && !name.startsWith('0000-')).sort();
  if (found.length === 0) throw new VmError('source', `there is no series for ${base} in ${patches}`);
  return found.map((name) => path.join(patches, name));
}

function makePatches(base: Base): string {
  const output = path.join(cacheFolder(), 'series');
  const generator = path.join(packageFolder, 'dist/series/main.js');
  const { status, stderr } = spawnSync(process.execPath, [generator, '--base', base, '--output', output], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new VmError('source', `the patches for ${base} cannot be made`, stderr);
  return path.join(output, base);
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
