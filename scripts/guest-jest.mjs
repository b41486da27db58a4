// SPDX-License-Identifier: MIT
// The process tests of the addon in a guest with the series: jest itself runs there, over a share of
// this repository and of /usr. Arguments are patterns of test files, as jest takes them.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { local, root, run } from './run.mjs';

const cache = path.join(root, 'build-test/jest');

/**
 * Compiles here what the guest would take minutes for: the tests, and the addon that they call.
 *
 * @param {readonly string[]} patterns
 */
function warmUp(patterns) {
  mkdirSync(cache, { recursive: true });
  const own = ['--selectProjects', 'process', '--cacheDirectory', cache];
  // Loads each file, and runs only the tests of the support code.
  run(local('jest'), [...own, '--testNamePattern', '^no test has this name$', '--passWithNoTests', '--', ...patterns], {
    quiet: true,
  });
  run(local('jest'), [...own, '--', 'test/process/support/child'], { quiet: true });
}

/**
 * The arguments of disablenetwork-vm that run the tests.
 *
 * @param {readonly string[]} patterns
 */
export function guestJestArguments(patterns) {
  warmUp(patterns);
  const quoted = patterns.map((pattern) => `'${pattern}'`).join(' ');
  const program = path.join(root, 'build-test/process-tests');
  writeFileSync(
    program,
    `#!/bin/bash
export HOME=/tmp CI=true FORCE_COLOR=0
cd '${root}' || exit 1
exec node node_modules/.bin/jest --ci --runInBand --selectProjects process \\
  --reporters ./test/vm/ktap-reporter.cjs --cacheDirectory '${cache}' -- ${quoted}
`,
  );
  chmodSync(program, 0o755);
  return ['test', '--program', program, '--share', '/usr', '--overlay', root, '--timeout', '1800'];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const patterns = process.argv.slice(2);
  const args = guestJestArguments(patterns.length > 0 ? patterns : ['test/process']);
  const answer = spawnSync(process.execPath, [path.join(root, 'dist/vm/main.js'), ...args], { stdio: 'inherit' });
  process.exit(answer.status ?? 1);
}
