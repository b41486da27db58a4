// SPDX-License-Identifier: MIT
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Base } from './bases';

/**
 * Reads files of a kernel as it is without the series.
 *
 * @param place - A source tree, or a tarball of one as Debian's linux-source packages install it.
 */
export function readOriginals(place: string, files: readonly string[]): ReadonlyMap<string, string> {
  if (statSync(place).isDirectory()) return readAll(place, files);
  const folder = mkdtempSync(path.join(tmpdir(), 'series-'));
  try {
    mkdirSync(folder, { recursive: true });
    const patterns = files.map((file) => `*/${file}`);
    execFileSync('tar', ['-xf', place, '-C', folder, '--strip-components=1', '--wildcards', ...patterns]);
    return readAll(folder, files);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Where Debian's package puts the kernel. */
export function defaultPlace({ name }: Base): string {
  return `/usr/src/linux-source-${name}.tar.xz`;
}

function readAll(folder: string, files: readonly string[]): ReadonlyMap<string, string> {
  return new Map(files.map((file) => [file, readFileSync(path.join(folder, file), 'utf8')]));
}
