// SPDX-License-Identifier: MIT
// Builds the addon as it is published: one file for an architecture, stripped, in prebuilds/.
//   addon.mjs             for this machine
//   addon.mjs --publish   for every architecture, and warnings are errors
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { local, root, run } from './run.mjs';

/** The architectures of the package, and the C++ compiler that another machine builds them with. */
export const compilers = /** @type {const} */ ({ x64: 'x86_64-linux-gnu-g++', arm64: 'aarch64-linux-gnu-g++' });

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

/**
 * Where the library looks for the addon, below the root of the package. The names differ, because a
 * bundler may put all of them in one folder.
 *
 * @param {string} architecture
 */
export function addonFile(architecture) {
  return `prebuilds/linux-${architecture}/disablenetwork-linux-${architecture}.node`;
}

/**
 * Puts the addon that node-gyp built where the library looks for it.
 *
 * @param {string} folder the root of the package
 * @param {string} architecture
 */
export function placeAddon(folder, architecture) {
  const target = path.join(folder, addonFile(architecture));
  // No other file may lie there, and one that a process has mapped must not change under it.
  rmSync(path.dirname(target), { recursive: true, force: true });
  mkdirSync(path.dirname(target), { recursive: true });
  copyFileSync(path.join(folder, 'build/Release/disablenetwork.node'), target);
}

/**
 * @param {boolean} strict
 * @param {string} architecture
 */
export function buildAddon(strict, architecture = process.arch) {
  const compiler = Object.entries(compilers).find(([name]) => name === architecture)?.[1];
  const environment = {
    ...nodeGypEnvironment(),
    ...(strict ? { GYP_DEFINES: 'warnings_as_errors=1' } : {}),
    // The linker is the compiler's.
    ...(architecture === process.arch || compiler === undefined ? {} : { CXX: compiler, LINK: compiler }),
  };
  run(local('node-gyp'), ['rebuild', `--arch=${architecture}`], { environment, quiet: true });
  placeAddon(root, architecture);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--publish')) {
    for (const architecture of Object.keys(compilers)) buildAddon(true, architecture);
  } else {
    buildAddon(false);
  }
}
