// SPDX-License-Identifier: MIT
'use strict';

/** @param {string} name */
const project = (name) => ({
  displayName: name,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  testEnvironment: '<rootDir>/test/environment.js',
  transform: { '\\.ts$': '<rootDir>/test/transpile.js' },
  // All else, node_modules above all, would be looked through before each run.
  roots: ['<rootDir>/lib', '<rootDir>/test', '<rootDir>/vm'],
  // Built copies of this package would be seen as a second package of the same name.
  modulePathIgnorePatterns: ['<rootDir>/build', '<rootDir>/dist', '<rootDir>/prebuilds'],
});

/**
 * The heart of the process tests once more, in children that are started in another way.
 *
 * @param {string} name
 * @param {readonly string[]} launcher a command that ends in executing the one behind it
 */
const surroundings = (name, launcher) => ({
  ...project('process'),
  displayName: name,
  testMatch: ['drop/calls', 'keeps-working/*', 'rings/*', 'threads/every-thread'].map(
    (tests) => `<rootDir>/test/process/${tests}.test.ts`,
  ),
  globals: { testLauncher: launcher },
});

/** @type {import('jest').Config} */
module.exports = {
  // The process tests mostly wait for their children, so each processor may have a worker.
  maxWorkers: '100%',
  projects: [
    project('unit'),
    project('process'),
    surroundings('without capabilities', ['setpriv', '--bounding-set=-all', '--inh-caps=-all']),
    surroundings('in a user namespace', ['unshare', '--user', '--map-root-user']),
    project('package'),
    // What it starts beside them has a project of its own.
    { ...project('corpus'), testMatch: ['<rootDir>/test/corpus/*.test.ts'] },
    // A moment of each fuzzer; `npm test -- fuzz --seconds 600` gives them longer.
    project('fuzz'),
    // A sample of the faults; `node scripts/faults.mjs --all` tries thousands.
    project('faults'),
    // Needs a kernel that takes minutes to build: `npm test -- vm`.
    ...(process.env['TEST_VM'] === undefined ? [] : [project('vm')]),
    // Needs big packages: `npm test -- guarantees programs`.
    ...(process.env['TEST_CORPUS'] === undefined ? [] : [{ ...project('corpus/programs'), displayName: 'programs' }]),
  ],
  // Milliseconds: the first test of all loads the compiler, which takes long on a machine that is busy.
  testTimeout: 30_000,
  // V8's own coverage is the one kind that the children of the tests can report too.
  coverageProvider: 'v8',
  collectCoverageFrom: ['lib/**/*.ts', 'vm/**/*.ts'],
  coverageDirectory: '.results/coverage',
  coverageReporters: ['json'],
};
