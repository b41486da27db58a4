// SPDX-License-Identifier: MIT
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { patchesFolder, root } from './folders';

/** Where the digest of what the patches were made from, and of the patches, is kept. */
export const digestFile = path.join(patchesFolder, 'series.sha256');

const inputs = [
  'csrc/uapi/linux/disablenetwork.h',
  'kernel-patch/generate',
  'kernel-patch/patches',
  'kernel-patch/series',
  'kernel-patch/source',
];

/**
 * A digest of all that decides the patches but the kernel itself, and of the patches: when it is not the
 * one that is kept, somebody changed the one without the other.
 */
export function computeDigest(): string {
  const hash = createHash('sha256');
  for (const file of inputs.flatMap(filesBelow)) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(root, file)))
      .update('\0');
  }
  return `${hash.digest('hex')}\n`;
}

/** Whether the patches are those that the generator made last, from the sources as they are. */
export function isUpToDate(): boolean {
  return readFileSync(digestFile, 'utf8') === computeDigest();
}

function filesBelow(input: string): string[] {
  const full = path.join(root, input);
  if (path.extname(input) === '.h') return [input];
  return readdirSync(full, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .filter((file) => path.join(root, file) !== digestFile)
    .sort();
}
