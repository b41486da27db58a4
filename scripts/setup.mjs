// SPDX-License-Identifier: MIT
// Everything between a clean clone and a program that runs; each step only when it is due.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAddon } from './addon.mjs';
import { installDebianPackages } from './debian.mjs';
import { fail, local, root, run, say } from './run.mjs';
import { whenChanged } from './stamp.mjs';

/** @param {Parameters<typeof installDebianPackages>[0]} purpose */
export function setUp(purpose) {
  if (process.platform !== 'linux') fail('disablenetwork is built and tested on Linux only.');
  installDebianPackages(purpose);
  whenChanged('node_modules/.setup-stamp', ['package-lock.json'], [process.version], installNodePackages);
  buildPackage();
}

/** What the package consists of beside its sources. */
function buildPackage() {
  const strict = process.env['CI'] !== undefined;
  const addonFacts = [process.version, process.arch, String(strict)];
  whenChanged(
    `prebuilds/linux-${process.arch}/.setup-stamp`,
    ['csrc', 'binding.gyp', 'scripts/addon.mjs', 'package-lock.json'],
    addonFacts,
    () => {
      say('building the addon');
      buildAddon(strict);
    },
  );
  whenChanged(
    'dist/.setup-stamp',
    ['lib', 'vm', 'kernel-patch/generate', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'],
    [],
    buildLibrary,
  );
}

function installNodePackages() {
  say('installing npm packages');
  // No package of ours needs an install script, so none may run.
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {});
}

function buildLibrary() {
  say('building the library');
  rmSync(path.join(root, 'dist'), { recursive: true, force: true });
  const projects = ['tsconfig.build.json', 'vm', 'kernel-patch/generate'];
  for (const project of projects) run(local('tsc'), ['--project', project], {});
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const purpose = process.argv[2] ?? 'build';
  // A package manager that packs the repository, perhaps as somebody's dependency: it has installed
  // what the build needs, and no more may be.
  if (purpose === 'package') {
    buildPackage();
    process.exit();
  }
  if (purpose !== 'build' && purpose !== 'demo' && purpose !== 'test' && purpose !== 'vm') {
    fail('usage: setup.mjs [build | demo | package | test | vm]');
  }
  setUp(purpose);
}
