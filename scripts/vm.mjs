// SPDX-License-Identifier: MIT
// The tests that need a kernel of our own: the harness itself, then the series and the addon in a guest.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { everyGroup, guestJestArguments, quickGroups } from './guest-jest.mjs';
import { runJest } from './jest.mjs';
import { readReport, sum } from './report.mjs';
import { root, say } from './run.mjs';

const main = path.join(root, 'dist/vm/main.js');

/**
 * Runs disablenetwork-vm and reads its report.
 *
 * @param {string} report where it leaves it
 * @param {readonly string[]} args
 */
export function runVm(report, args) {
  say(`disablenetwork-vm ${args.join(' ')}`);
  const command = [main, ...args, '--junit', report];
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  return readReport(report, status);
}

/** The negative control: the same demand has to fail and to change nothing. */
const control = 'test/vm/programs/unpatched.mjs';

/** The tests of the series, and Node with the addon. */
const smoke = ['--program', 'test/vm/programs/smoke.mjs', '--selftests', 'disablenetwork'];

/** @param {string} results */
export function runSeries(results) {
  const report = (/** @type {string} */ name) => path.join(results, `vm-6.12${name}.xml`);
  const answers = [
    runVm(report(''), ['test', ...smoke]),
    // Another kernel would take as long again to compile: `guest` has the control without the series.
    runVm(report('-off'), ['test', '--lsm', 'landlock,yama', '--program', control]),
    runVm(report('-process'), guestJestArguments(quickGroups)),
  ];
  // Any kernel does for the harness's own tests, and this one is there.
  const build = spawnSync(process.execPath, [main, 'build'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.env['TEST_VM'] = build.stdout.trim();
  answers.push(runJest(path.join(results, 'vm.json'), ['--selectProjects', 'vm'], { childEnvironment: {} }));
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
  return runVm(path.join(results, `${name}.xml`), ['test', ...kernels[name], ...smoke]);
}

/**
 * Every process test in the guest and the negative control; or those whose files match the patterns,
 * `npm test -- guest test/process/drop`. `--kernel` is as disablenetwork-vm takes it.
 *
 * @param {string} results
 * @param {readonly string[]} args
 */
export function runGuest(results, args) {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { kernel: { type: 'string' } },
    allowPositionals: true,
  });
  const kernel = values.kernel === undefined ? [] : ['--kernel', values.kernel];
  if (args.length > 0) {
    const patterns = positionals.length > 0 ? positionals : everyGroup;
    return runVm(path.join(results, 'guest.xml'), [...guestJestArguments(patterns), ...kernel]);
  }
  return sum([
    runVm(path.join(results, 'guest-unpatched.xml'), ['test', '--no-patch', '--program', control]),
    runVm(path.join(results, 'guest-6.12.xml'), guestJestArguments(everyGroup)),
  ]);
}
