// SPDX-License-Identifier: MIT
// `npm test -- stacking`: the tests of the series beside each of the kernel's large security modules,
// placed before it and after it; names of some of those run only those. The harness holds /sys/kernel/security/lsm against the order asked for.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { sum } from './report.mjs';
import { fail, root } from './run.mjs';
import { runVm } from './vm.mjs';

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

/**
 * @param {readonly string[]} order
 * @param {string} report
 */
function runOrder(order, report) {
  const args = ['test', '--config', path.join(root, 'kernel-patch/config/stacking.config')];
  args.push('--selftests', own, '--lsm', order.join(','));
  // Profiles are loaded by AppArmor's own program, which needs the host's libraries.
  if (order.includes('apparmor')) args.push('--program', transitions, '--share', '/usr');
  const start = performance.now();
  return { ...runVm(report, args), seconds: (performance.now() - start) / 1000 };
}

/**
 * How many tests an order has beyond those of the series.
 *
 * @param {readonly string[]} order
 */
const extraTests = (order) => (order.includes('apparmor') ? 3 : 0);

/**
 * @param {string} results
 * @param {readonly string[]} chosen names of large modules; none for all
 */
export function runStacking(results, chosen) {
  const unknown = chosen.find((name) => !large.includes(name));
  if (unknown !== undefined) fail(`there is no large module ${unknown}: choose from ${large.join(', ')}`);
  const folder = path.join(results, 'stacking');
  mkdirSync(folder);
  const wanted = orders.filter((order) => chosen.length === 0 || chosen.some((name) => order.includes(name)));
  const answers = wanted.map((order, index) => ({ order, answer: runOrder(order, path.join(folder, `${index}.xml`)) }));
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
  return sum([...answers.map(({ answer }) => answer), { passed: 0, failed: kinds.size === 1 ? 0 : 1 }]);
}
