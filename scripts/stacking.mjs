// SPDX-License-Identifier: MIT
// `npm run test:stacking`: the tests of the series beside each of the kernel's large security modules,
// placed before it and after it. The harness holds /sys/kernel/security/lsm against the order asked for.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fail, root, say } from './run.mjs';
import { setUp } from './setup.mjs';

const own = 'disablenetwork';
const before = ['landlock', 'lockdown', 'yama', 'loadpin', 'safesetid'];
const after = ['ipe', 'bpf'];
/** SELinux, AppArmor and Smack exclude each other, so each has a boot of its own; so has TOMOYO. */
const large = ['selinux', 'apparmor', 'smack', 'tomoyo'];

const orders = large.flatMap((name) => [
  [...before, own, name, ...after],
  [...before, name, ...after, own],
]);

const transitions = path.join(root, 'test/vm/programs/apparmor_transition.c');
const results = path.join(root, '.results/stacking');

/**
 * @typedef {{ passed: number, failed: number, skipped: number, seconds: number }} Answer
 * @param {readonly string[]} order
 * @param {number} index
 * @returns {Answer}
 */
function runOrder(order, index) {
  const report = path.join(results, `${index}.xml`);
  const args = ['test', '--config', path.join(root, 'kernel-patch/config/stacking.config')];
  args.push('--selftests', own, '--lsm', order.join(','), '--junit', report);
  // Profiles are loaded by AppArmor's own program, which needs the host's libraries.
  if (order.includes('apparmor')) args.push('--program', transitions, '--share', '/usr');
  say(`disablenetwork-vm ${args.join(' ')}`);
  const start = performance.now();
  const { status } = spawnSync(process.execPath, [path.join(root, 'dist/vm/main.js'), ...args], { stdio: 'inherit' });
  const seconds = (performance.now() - start) / 1000;
  const head = existsSync(report) ? readFileSync(report, 'utf8').split('\n')[1] : undefined;
  const [, tests, failures, skipped] = /tests="(\d+)" failures="(\d+)" skipped="(\d+)"/.exec(head ?? '') ?? [];
  // A command that fails though its report does not, or without one, is one failure.
  if (tests === undefined) return { passed: 0, failed: 1, skipped: 0, seconds };
  const failed = status === 0 ? Number(failures) : Math.max(Number(failures), 1);
  return { passed: Number(tests) - Number(failures) - Number(skipped), failed, skipped: Number(skipped), seconds };
}

/**
 * How many tests an order has beyond those of the series.
 *
 * @param {readonly string[]} order
 */
const extraTests = (order) => (order.includes('apparmor') ? 3 : 0);

/** @param {readonly string[]} chosen names of large modules; none for all */
function runStacking(chosen) {
  const unknown = chosen.find((name) => !large.includes(name));
  if (unknown !== undefined) fail(`there is no large module ${unknown}: choose from ${large.join(', ')}`);
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  const wanted = orders.filter((order) => chosen.length === 0 || chosen.some((name) => order.includes(name)));
  const answers = wanted.map((order, index) => ({ order, answer: runOrder(order, index) }));
  process.stdout.write('\nPASSED  FAILED  SKIPPED  SECONDS  ORDER\n');
  for (const { order, answer } of answers) {
    const cells = [
      String(answer.passed).padEnd(6),
      String(answer.failed).padEnd(6),
      String(answer.skipped).padEnd(7),
      answer.seconds.toFixed(0).padEnd(7),
    ];
    process.stdout.write(`${cells.join('  ')}  ${order.join(',')}\n`);
  }
  // A module that made tests disappear or skip would not fail them.
  const kinds = new Set(answers.map(({ order, answer }) => `${answer.passed - extraTests(order)} ${answer.skipped}`));
  if (kinds.size > 1) process.stdout.write('FAILED: not every order passes and skips the same number of tests\n');
  return kinds.size === 1 && answers.every(({ answer }) => answer.failed === 0 && answer.passed > 0);
}

setUp('vm');
process.exit(runStacking(process.argv.slice(2)) ? 0 : 1);
