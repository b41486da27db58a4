// SPDX-License-Identifier: MIT
// The tests that need a kernel of our own: the harness itself, then the series and the addon in a guest.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { countJest } from './jest.mjs';
import { root, say } from './run.mjs';

/**
 * Runs the command and counts the tests that ran in the guest. A command that ends without a report,
 * or that fails though its report does not, is one failure.
 *
 * @param {string} report where it leaves its report
 * @param {readonly string[]} args
 */
function countGuest(report, args) {
  say(`disablenetwork-vm ${args.join(' ')}`);
  const command = [path.join(root, 'dist/vm/main.js'), ...args, '--junit', report];
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  const head = existsSync(report) ? readFileSync(report, 'utf8').split('\n')[1] : undefined;
  const [, tests, failures, skipped] = /tests="(\d+)" failures="(\d+)" skipped="(\d+)"/.exec(head ?? '') ?? [];
  if (tests === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const failed = status === 0 ? Number(failures) : Math.max(Number(failures), 1);
  return { passed: Number(tests) - Number(failures) - Number(skipped), failed, skipped: Number(skipped) };
}

/** @param {string} results */
export function runVm(results) {
  const smoke = ['--program', 'test/vm/programs/smoke.mjs', '--selftests', 'disablenetwork'];
  const guest = countGuest(path.join(results, 'vm-6.12.xml'), ['test', ...smoke]);
  process.env['TEST_VM'] = '1';
  const jest = countJest(path.join(results, 'vm.json'), ['--selectProjects', 'vm'], { childEnvironment: {} });
  return {
    passed: guest.passed + jest.passed,
    failed: guest.failed + jest.failed,
    skipped: guest.skipped + jest.skipped,
  };
}
