// SPDX-License-Identifier: MIT
// Builds the addon as it is published: stripped, in prebuilds/. Run with --strict, warnings are errors.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { local, run } from './run.mjs';

/**
 * The folder whose include/node holds the headers of the Node that runs this; node-gyp fetches them
 * when there is none.
 *
 * @returns {string | undefined}
 */
export function nodeFolder() {
  const prefix = path.resolve(path.dirname(process.execPath), '..');
  return existsSync(path.join(prefix, 'include/node/node_api.h')) ? prefix : undefined;
}

/** What node-gyp reads from its environment. */
export function nodeGypEnvironment() {
  const folder = nodeFolder();
  return { JOBS: 'max', ...(folder === undefined ? {} : { npm_config_nodedir: folder }) };
}

/** @param {boolean} strict */
export function buildAddon(strict) {
  const environment = { ...nodeGypEnvironment(), ...(strict ? { GYP_DEFINES: 'warnings_as_errors=1' } : {}) };
  const target = process.version.slice(1);
  run(local('prebuildify'), ['--napi', '--strip', '--tag-libc', `--target=${target}`], { environment, quiet: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) buildAddon(process.argv.includes('--strict'));
