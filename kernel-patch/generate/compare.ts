// SPDX-License-Identifier: MIT
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Patches } from './series';

/**
 * Compares patches in a folder with patches made now. Debian moves its kernel along the stable releases,
 * so what depends on the rest of an edited file does not count: hashes and line numbers.
 *
 * @returns The names of those that differ.
 */
export function compareSeries(folder: string, made: Patches): string[] {
  const names = new Set([...readdirSync(folder), ...made.keys()]);
  return [...names].filter((name) => {
    const text = made.get(name);
    return text === undefined || !readdirSync(folder).includes(name) || comparable(text) !== comparable(read(name));
  });

  function read(name: string): string {
    return readFileSync(path.join(folder, name), 'utf8');
  }
}

function comparable(patch: string): string {
  return patch.replace(/^index [0-9a-f]+\.\.[0-9a-f]+/gm, 'index').replace(/^@@ -\d+(,\d+)? \+\d+(,\d+)? @@/gm, '@@');
}
