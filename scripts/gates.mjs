// SPDX-License-Identifier: MIT
// What a maintainer's robots ask of the series, each gate as one test.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { sum } from './report.mjs';
import { root, say } from './run.mjs';

/** All but the one that builds and boots a kernel for each patch. */
const quick = ['apply', 'checkpatch', 'format', 'kernel-doc', 'config', 'warnings', 'sparse'];

/**
 * @param {string} base
 * @param {readonly string[]} gates
 */
function judge(base, gates) {
  const args = [base, ...gates];
  say(`kernel-patch/gates.sh ${args.join(' ')}`);
  const { status, stdout } = spawnSync(path.join(root, 'kernel-patch/gates.sh'), args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 * 1024 * 1024,
  });
  process.stdout.write(stdout);
  const passed = gates.filter((gate) => stdout.includes(`passed: ${gate}\n`)).length;
  // A gate that says nothing has not passed.
  return { passed, failed: status === 0 ? gates.length - passed : Math.max(gates.length - passed, 1) };
}

export const runGates = () => judge('6.12', quick);

/** On both bases, and each patch of the series boots. */
export const runEveryGate = () => sum(['6.12', '6.1'].map((base) => judge(base, [...quick, 'boot'])));
