// SPDX-License-Identifier: MIT
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Base } from './bases';
import { resolveConditions } from './conditions';
import { root, sourceFolder } from './folders';
import { stepOfFile } from './steps';

/** The interface to user space has one source, which the addon is built from as well. */
const shared: Readonly<Record<string, string>> = {
  'include/uapi/linux/disablenetwork.h': 'csrc/uapi/linux/disablenetwork.h',
};

/** Where every new file of the kernel comes from: its path in the kernel, and here. */
export function listSources(): ReadonlyMap<string, string> {
  const sources = new Map<string, string>();
  for (const entry of readdirSync(sourceFolder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    sources.set(path.relative(sourceFolder, file), file);
  }
  for (const [name, file] of Object.entries(shared)) sources.set(name, path.join(root, file));
  return sources;
}

/** The new files that come with a step: path in the kernel to content. */
export function sourcesOf(step: number, base: Base): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [name, file] of [...listSources()].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (stepOfFile(name) !== step) continue;
    texts.set(name, resolveConditions(readFileSync(file, 'utf8'), base.number, name));
  }
  return texts;
}
