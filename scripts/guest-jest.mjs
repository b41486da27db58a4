// SPDX-License-Identifier: MIT
// Tests of the addon in a guest with the series: jest itself runs there, over a share of this repository
// and of /usr. A pattern of test files, as jest takes them, is a program of the guest, with a time limit of
// its own.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { local, root, run } from './run.mjs';

const cache = path.join(root, 'build-test/jest');
/** On the host each of a thousand drops has its own stage, and the page of guarantees is held against its runs. */
const ignored = ['--testPathIgnorePatterns', String.raw`\.stress\.test\.ts$`, 'test/corpus/guarantees'];
/** An emulated processor is that many times slower, as the time limits of the tests go. */
const timeFactor = 5;

/** Every file of the process tests, in groups that take a few minutes each. */
export const everyGroup = ['drop', 'threads', 'rings', 'support', 'keeps-working', 'children', 'explain', 'cli'].map(
  (folder) => `test/process/${folder}/`,
);
everyGroup.push('test/process/[^/]*$');

/** Each row of the corpus. */
export const corpusGroup = 'test/corpus/[^/]*$';

/** Real programs. */
export const programsGroup = 'test/corpus/programs/';

/** What is quick and touches each part: for `npm test`. */
export const quickGroups = [
  'test/process/drop/',
  'test/process/threads/(every-thread|node-signals)',
  'test/corpus/(a-tcp|c-privilege)',
];

/** @param {string} pattern */
const selectionOf = (pattern) => [
  '--selectProjects',
  ...(pattern === programsGroup ? ['programs'] : ['process', 'corpus']),
  ...ignored,
];

/** @type {Set<string>} */
const warm = new Set();

/**
 * Compiles here what the guest would take minutes for: the tests, and the addon that they call. Once is
 * enough for all guests.
 *
 * @param {readonly string[]} patterns
 */
function warmUp(patterns) {
  if (patterns.every((pattern) => warm.has(pattern))) return;
  for (const pattern of patterns) warm.add(pattern);
  mkdirSync(cache, { recursive: true });
  const own = [...patterns.flatMap(selectionOf), '--cacheDirectory', cache];
  const environment = { TEST_CORPUS: '1' };
  // Loads each file, and runs only what builds the support code.
  run(local('jest'), [...own, '--testNamePattern', '^no test has this name$', '--passWithNoTests', '--', ...patterns], {
    quiet: true,
    environment,
  });
  const support = [...selectionOf(''), '--cacheDirectory', cache, '--testNamePattern', '^system calls'];
  run(local('jest'), [...support, '--', 'test/process/support/child'], { quiet: true });
}

/** pivot_root(2), which makes the boxes of bubblewrap, is refused where the root is the kernel's first file system. */
const inOtherRoot = `mkdir /run/root
mount --rbind / /run/root
cd /run/root
mount --move . /
exec chroot . env --chdir='${root}'`;

/**
 * @typedef {object} GuestOptions
 * @property {string} [provider] what the guest's kernel has to give
 * @property {string | undefined} [only] which tests, by their names
 * @property {boolean} [isolated] whether each row of the corpus has a process of its own
 */

/**
 * @param {string} pattern
 * @param {GuestOptions} options
 */
function writeProgram(pattern, { provider = 'lsm', only, isolated = false }) {
  const name = pattern.replace(/^test\/(process\/)?/, '').replace(/[^a-z]+/g, '-');
  const program = path.join(root, `build-test/jest-${name}`);
  // The rows of the corpus do not mind each other; some process tests measure how long things take.
  const workers = pattern === corpusGroup ? '2' : '1';
  const words = [...selectionOf(pattern), ...(only === undefined ? [] : ['--testNamePattern', only])];
  const together = isolated || only !== undefined ? '' : ' TEST_TOGETHER=1';
  const quoted = words.map((word) => `'${word}'`).join(' ');
  writeFileSync(
    program,
    `#!/bin/bash
export HOME=/tmp CI=true FORCE_COLOR=0 TEST_CORPUS=1 TEST_PROVIDER=${provider} TEST_TIME_FACTOR=${String(timeFactor)}${together}
cd '${root}' || exit 1
# What every child loads is read from memory: over the share a child takes half as long again.
for folder in build build-test dist prebuilds; do
  [ -d "$PWD/$folder" ] || continue
  mkdir -p "/run/copies/$folder"
  cp -a "$PWD/$folder/." "/run/copies/$folder"
  mount --bind "/run/copies/$folder" "$PWD/$folder"
done
# There are no modules, and a socket of each unknown family would start this program to find one.
echo >/proc/sys/kernel/modprobe
mkdir -p /mnt
${pattern === programsGroup ? inOtherRoot : 'exec'} node node_modules/.bin/jest --ci --maxWorkers ${workers} ${quoted} \\
  --reporters ./test/vm/ktap-reporter.cjs --cacheDirectory '${cache}' -- '${pattern}'
`,
  );
  chmodSync(program, 0o755);
  return program;
}

/**
 * The arguments of disablenetwork-vm that run the tests.
 *
 * @param {readonly string[]} patterns
 * @param {GuestOptions} [options]
 */
export function guestJestArguments(patterns, options = {}) {
  warmUp(patterns);
  const programs = patterns.flatMap((pattern) => ['--program', writeProgram(pattern, options)]);
  // The programs that tests start are found in /usr, and their configuration in /etc.
  const folders = ['--share', '/usr', '--overlay', '/etc', '--overlay', root];
  return ['test', ...programs, ...folders, '--timeout', '3600'];
}
