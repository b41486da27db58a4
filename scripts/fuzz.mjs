// SPDX-License-Identifier: MIT
// `npm run test:fuzz -- --seconds 600 --seed 7`: every fuzzer for so many seconds, or one of them with
// `--only system-calls`. `npm test` runs the same for a moment.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { countJest } from './jest.mjs';
import { fail, root, say } from './run.mjs';
import { setUp } from './setup.mjs';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '600' }, seed: { type: 'string' }, only: { type: 'string' } },
});
const { seconds, seed = String(Math.floor(Math.random() * 2 ** 31)), only = '' } = values;
if (!(Number(seconds) > 0) || !/^\d+$/.test(seed)) {
  fail('usage: fuzz.mjs [--seconds N] [--seed N] [--only system-calls | filter | parsers]');
}

setUp('test');
const results = path.join(root, '.results');
mkdirSync(results, { recursive: true });
say(`seed ${seed}, ${seconds} s for each fuzzer`);
const answer = countJest(
  path.join(results, 'fuzz.json'),
  ['--selectProjects', 'fuzz', '--runInBand', '--testPathPatterns', `test/fuzz/${only}`],
  { childEnvironment: {}, environment: { FUZZ_SECONDS: seconds, FUZZ_SEED: seed }, longest: Infinity },
);
process.stdout.write(`\n${String(answer.passed)} passed, ${String(answer.failed)} failed\n`);
process.exit(answer.failed === 0 && answer.passed > 0 ? 0 : 1);
