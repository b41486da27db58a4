// SPDX-License-Identifier: MIT
// `npm test -- cost` and `npm test -- regression`: the programs of kernel-patch/ that compare a kernel with
// the series and one without. Arguments go to them; `--help` says which there are.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { local, root, run } from './run.mjs';

/**
 * @param {'cost' | 'regression'} name
 * @param {readonly string[]} args
 */
function measure(name, args) {
  run(local('tsc'), ['--project', 'kernel-patch'], {});
  const program = path.join(root, `build/measure/kernel-patch/${name}/main.js`);
  const { status } = spawnSync(process.execPath, [program, ...args], { cwd: root, stdio: 'inherit' });
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** @param {readonly string[]} args */
export const runCost = (args) => measure('cost', args);

/** @param {readonly string[]} args */
export function runRegression(args) {
  // A part of the tests is not the result.
  const all = ['--selftests', '--kernel', '--output'].every((name) => !args.includes(name));
  const output = all ? ['--output', path.join(root, 'kernel-patch/regression')] : [];
  // Some tests take a minute each on an emulator that has its host for itself.
  const limit = args.includes('--timeout') ? [] : ['--timeout', '900'];
  return measure('regression', [...args, ...limit, ...output]);
}
