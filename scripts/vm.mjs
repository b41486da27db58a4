// SPDX-License-Identifier: MIT
// The tests that need a kernel of our own: the harness itself, then the series and the addon in a guest.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { everyGroup, guestJestArguments, quickGroups } from './guest-jest.mjs';
import { countJest } from './jest.mjs';
import { root, say } from './run.mjs';
import { sum } from './sum.mjs';

const main = path.join(root, 'dist/vm/main.js');

/**
 * Runs the command and counts the tests that ran in the guest. A command that ends without a report,
 * or that fails though its report does not, is one failure.
 *
 * @param {string} report where it leaves its report
 * @param {readonly string[]} args
 */
export function countGuest(report, args) {
  say(`disablenetwork-vm ${args.join(' ')}`);
  const command = [main, ...args, '--junit', report];
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  const head = existsSync(report) ? readFileSync(report, 'utf8').split('\n')[1] : undefined;
  const [, tests, failures, skipped] = /tests="(\d+)" failures="(\d+)" skipped="(\d+)"/.exec(head ?? '') ?? [];
  if (tests === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const failed = status === 0 ? Number(failures) : Math.max(Number(failures), 1);
  return { passed: Number(tests) - Number(failures) - Number(skipped), failed, skipped: Number(skipped) };
}

/** The negative control: the same demand has to fail and to change nothing. */
const control = 'test/vm/programs/unpatched.mjs';

/** The tests of the series, and Node with the addon. */
const smoke = ['--program', 'test/vm/programs/smoke.mjs', '--selftests', 'disablenetwork'];

/** @param {string} results */
export function runVm(results) {
  const report = (/** @type {string} */ name) => path.join(results, `vm-6.12${name}.xml`);
  const answers = [
    countGuest(report(''), ['test', ...smoke]),
    // Another kernel would take as long again to compile: `guest` has the control without the series.
    countGuest(report('-off'), ['test', '--lsm', 'landlock,yama', '--program', control]),
    countGuest(report('-process'), guestJestArguments(quickGroups)),
  ];
  // Any kernel does for the harness's own tests, and this one is there.
  const build = spawnSync(process.execPath, [main, 'build'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.env['TEST_VM'] = build.stdout.trim();
  answers.push(countJest(path.join(results, 'vm.json'), ['--selectProjects', 'vm'], { childEnvironment: {} }));
  return sum(answers);
}

/** Other kernels for the same tests: a sanitizer makes each of them slower. */
const kernels = {
  kasan: ['--sanitizer', 'kasan', '--timeout', '1200'],
  kcsan: ['--sanitizer', 'kcsan', '--timeout', '1800'],
  coverage: ['--coverage', '--timeout', '1200'],
  'linux-6.1': ['--kernel', '6.1'],
};

/**
 * @param {string} results
 * @param {keyof typeof kernels} name
 */
export function runKernel(results, name) {
  return countGuest(path.join(results, `${name}.xml`), ['test', ...kernels[name], ...smoke]);
}

/**
 * Every process test in the guest.
 *
 * @param {string} results
 */
export function runGuest(results) {
  return sum([
    countGuest(path.join(results, 'guest-unpatched.xml'), ['test', '--no-patch', '--program', control]),
    countGuest(path.join(results, 'guest-6.12.xml'), guestJestArguments(everyGroup)),
  ]);
}
