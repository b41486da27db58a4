// SPDX-License-Identifier: MIT
// `npm test -- regression`: the kernel's own selftests with the series and without. Arguments go to the
// verb of disablenetwork-vm.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { root } from './run.mjs';

/** @param {readonly string[]} args */
export function runRegression(args) {
  // A part of the tests is not the result.
  const all = !args.includes('--selftests') && !args.includes('--kernel') && !args.includes('--output');
  const output = all ? ['--output', path.join(root, 'kernel-patch/regression')] : [];
  // Some tests take a minute each on an emulator that has its host for itself.
  const limit = args.includes('--timeout') ? [] : ['--timeout', '900'];
  const command = [path.join(root, 'dist/vm/main.js'), 'regression', ...args, ...limit, ...output];
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' });
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}
