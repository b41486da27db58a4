// SPDX-License-Identifier: MIT
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const repository = resolve(__dirname, '../..');
export const support = join(repository, 'test/support');
/** What the tests build; ignored by git, and safe to delete. */
const built = join(repository, 'build-test');

/** Every regular file of a folder, sorted. */
export function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(folder, entry.name))
    .sort();
}

/**
 * Builds a folder once for each content of its sources, and answers its path. Several jest workers
 * may build the same at once: each builds aside, and the first to finish is kept.
 */
export function buildOnce(name: string, sources: readonly string[], build: (folder: string) => void): string {
  const hash = createHash('sha256').update(process.version);
  for (const source of sources) {
    hash.update(source).update(readFileSync(source));
  }
  const folder = join(built, `${name}-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(folder)) {
    return folder;
  }
  mkdirSync(built, { recursive: true });
  const aside = mkdtempSync(join(built, `.${name}-`));
  try {
    build(aside);
    chmodSync(aside, 0o755); // Some children run as another user.
    renameSync(aside, folder);
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    if (!existsSync(folder)) {
      throw error;
    }
  }
  return folder;
}

/** A throw-away folder; short enough for the path of a Unix socket. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'dn-'));
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** The package once more, at another place: its modules and its addon know nothing of those here. */
export function copyPackage(): ReturnType<typeof temporaryFolder> {
  const copy = temporaryFolder();
  for (const part of ['package.json', 'dist', 'prebuilds']) {
    cpSync(join(repository, part), join(copy.path, part), { recursive: true });
  }
  return copy;
}
