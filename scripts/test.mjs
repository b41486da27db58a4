// SPDX-License-Identifier: MIT
// `npm test`, from a clean clone: sets up what is missing, then runs every check. Names of stages as
// arguments run only those, and in any case.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import path from 'node:path';
import { fail, root, say } from './run.mjs';
import { setUp } from './setup.mjs';
import { changed } from './stamp.mjs';

const results = path.join(root, '.results');

/** Loaded late: before the set-up, their dependencies may be missing. */
const stages = {
  static: async () => (await import('./static.mjs')).runStaticChecks(),
  jest: async () => (await import('./jest.mjs')).runJest(results),
  stress: async () => (await import('./jest.mjs')).runStress(results),
  sanitizers: async () => (await import('./sanitizers.mjs')).runSanitizers(results),
  vm: async () => (await import('./vm.mjs')).runVm(results),
};

/** Stages that take minutes are not run again before something changes; what did not run is not counted. */
const slow = ['stress', 'sanitizers'];
const inputs = ['csrc', 'demo', 'lib', 'man', 'scripts', 'test', 'binding.gyp', 'jest.config.js', 'package-lock.json'];

/** @param {string} name */
function isDue(name) {
  const remember = changed(`build/.${name}-stamp`, inputs, [process.version, release()]);
  if (remember !== undefined) return remember;
  say(`stage ${name}: passed before, and nothing has changed since; \`npm run test:${name}\` runs it again`);
  return undefined;
}

/** Only by name: it builds kernels, which takes minutes. */
const onRequest = 'vm';

/** @param {{ passed: number, failed: number, skipped?: number }[]} answers */
function sum(answers) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped = 0 } of answers) {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  }
  return total;
}

const all = /** @type {(keyof typeof stages)[]} */ (Object.keys(stages));
const unknown = process.argv.slice(2).find((name) => !Object.hasOwn(stages, name));
if (unknown !== undefined) fail(`there is no stage ${unknown}: choose from ${all.join(', ')}`);
const byName = process.argv.length > 2;
const chosen = all.filter((name) => (byName ? process.argv.includes(name) : name !== onRequest));

setUp(chosen.includes(onRequest) ? 'vm' : 'test');
rmSync(results, { recursive: true, force: true });
mkdirSync(results);
const answers = [];
for (const name of chosen) {
  const remember = byName || !slow.includes(name) ? () => undefined : isDue(name);
  if (remember === undefined) continue;
  say(`stage ${name}`);
  const start = performance.now();
  const answer = await stages[name]();
  answers.push(answer);
  if (answer.failed === 0) remember();
  say(`stage ${name}: ${JSON.stringify(answer)} in ${((performance.now() - start) / 1000).toFixed(0)} s`);
}
const { passed, failed, skipped } = sum(answers);
const summary = `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
writeFileSync(path.join(results, 'summary'), `${summary}\n`);
process.stdout.write(`\n${summary}\n`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
