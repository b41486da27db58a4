// SPDX-License-Identifier: MIT
// Where kernels are kept, and under what name: the same content is never built twice.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { makeFolder, takeLock } from './lock';

/** All that a built kernel depends on. */
export interface KernelIdentity {
  /** Digest of the source before the series. */
  readonly source: string;
  /** The patches, in order. */
  readonly patches: readonly string[];
  readonly fragments: string;
  readonly compiler: string;
  /** Names of the folders below tools/testing/selftests. */
  readonly selftests: readonly string[];
}

/** To be raised when a build leaves something else than before. */
const layoutVersion = 1;

export function cacheKey(identity: KernelIdentity): string {
  return createHash('sha256')
    .update(JSON.stringify([layoutVersion, identity]))
    .digest('hex')
    .slice(0, 20);
}

export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const base = environment['XDG_CACHE_HOME'];
  // The specification says that a relative path is to be ignored.
  const absolute = base !== undefined && path.isAbsolute(base) ? base : path.join(homedir(), '.cache');
  return path.join(absolute, 'disablenetwork-vm');
}

export async function digestFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

export const partialSuffix = '.partial';
export const lockSuffix = '.lock';

/** Removes what killed runs have left: each folder and each lock that nobody holds. */
export async function sweep(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const left = readdirSync(folder).filter((name) => name.endsWith(partialSuffix) || name.endsWith(lockSuffix));
  const stems = new Set(left.map((name) => path.join(folder, name.slice(0, name.lastIndexOf('.')))));
  for (const stem of stems) {
    const lock = await takeLock(stem + lockSuffix, { wait: false });
    if (lock === null) continue;
    rmSync(stem + partialSuffix, { recursive: true, force: true });
    await lock.release();
  }
}

/**
 * Makes a folder of the cache once: under its lock, aside, and renamed when it is whole. So it is there
 * or not, whoever is killed when.
 */
export async function makeOnce(
  folder: string,
  make: (partial: string) => Promise<void>,
  options: { readonly onWait?: () => void; readonly keep?: boolean } = {},
): Promise<{ readonly made: boolean }> {
  if (existsSync(folder)) return { made: false };
  makeFolder(path.dirname(folder));
  await sweep(path.dirname(folder));
  const partial = folder + partialSuffix;
  const lock = await takeLock(folder + lockSuffix, {
    ...(options.onWait === undefined ? {} : { onWait: options.onWait }),
    ...(options.keep === true ? {} : { folder: partial }),
  });
  try {
    if (existsSync(folder)) return { made: false };
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial);
    await make(partial);
    renameSync(partial, folder);
    return { made: true };
  } finally {
    if (options.keep !== true) rmSync(partial, { recursive: true, force: true });
    await lock?.release();
  }
}
