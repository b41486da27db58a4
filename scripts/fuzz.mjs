// SPDX-License-Identifier: MIT
// `npm test -- fuzz --seconds 600 --seed 7`: every fuzzer for so many seconds, or one of them with
// `--only system-calls`. Without arguments each has a moment, as in `npm test`.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runJest } from './jest.mjs';
import { fail, say } from './run.mjs';

/**
 * @param {string} results
 * @param {readonly string[]} args
 */
export function runFuzz(results, args) {
  const report = path.join(results, 'fuzz.json');
  if (args.length === 0) return runJest(report, ['--selectProjects', 'fuzz'], { childEnvironment: {} });
  const { values } = parseArgs({
    args: [...args],
    options: { seconds: { type: 'string', default: '600' }, seed: { type: 'string' }, only: { type: 'string' } },
  });
  const { seconds, seed = String(Math.floor(Math.random() * 2 ** 31)), only = '' } = values;
  if (!(Number(seconds) > 0) || !/^\d+$/.test(seed)) {
    fail('usage: npm test -- fuzz [--seconds N] [--seed N] [--only system-calls | filter | parsers]');
  }
  say(`seed ${seed}, ${seconds} s for each fuzzer`);
  return runJest(report, ['--selectProjects', 'fuzz', '--runInBand', '--testPathPatterns', `test/fuzz/${only}`], {
    childEnvironment: {},
    environment: { FUZZ_SECONDS: seconds, FUZZ_SEED: seed },
    longest: Infinity,
  });
}
