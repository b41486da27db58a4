// SPDX-License-Identifier: MIT
// Work is done again only when what it depends on has changed: by content, not by time, because a
// clone or a branch switch sets times at will.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './run.mjs';

/**
 * @param {string} stamp the file that remembers; it should live in what the work makes, so that it
 *   goes when that goes
 * @param {readonly string[]} inputs files and folders, relative to the root
 * @param {readonly string[]} facts whatever else the work depends on
 * @param {() => void} work
 */
export function whenChanged(stamp, inputs, facts, work) {
  const remember = changed(stamp, inputs, facts);
  if (remember === undefined) return;
  work();
  remember();
}

/**
 * @param {string} stamp
 * @param {readonly string[]} inputs
 * @param {readonly string[]} facts
 * @returns {(() => void) | undefined} to be called when the work is done; undefined when there is none
 */
export function changed(stamp, inputs, facts) {
  const file = path.join(root, stamp);
  const wanted = digest(inputs, facts);
  if (existsSync(file) && readFileSync(file, 'utf8') === wanted) return undefined;
  return () => {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, wanted);
  };
}

/**
 * @param {readonly string[]} inputs
 * @param {readonly string[]} facts
 */
function digest(inputs, facts) {
  const hash = createHash('sha256').update(JSON.stringify(facts));
  for (const file of inputs.flatMap(filesBelow)) {
    hash.update(`\0${file}\0`).update(readFileSync(path.join(root, file)));
  }
  return hash.digest('hex');
}

/**
 * @param {string} input
 * @returns {string[]}
 */
function filesBelow(input) {
  if (!statSync(path.join(root, input)).isDirectory()) return [input];
  return readdirSync(path.join(root, input))
    .sort()
    .flatMap((name) => filesBelow(path.join(input, name)));
}
