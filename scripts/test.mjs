// SPDX-License-Identifier: MIT
// `npm test`, from a clean clone: sets up what is missing, then runs every check. Names of stages as
// arguments run only those, and in any case.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import path from 'node:path';
import { versionsOf } from './debian.mjs';
import { fail, root, say } from './run.mjs';
import { setUp } from './setup.mjs';
import { changed } from './stamp.mjs';
import { sum } from './sum.mjs';

const results = path.join(root, '.results');

/** Loaded late: before the set-up, their dependencies may be missing. */
const stages = {
  static: async () => (await import('./static.mjs')).runStaticChecks(),
  jest: async () => (await import('./jest.mjs')).runJest(results),
  escapes: async () => (await import('./jest.mjs')).runEscapes(results),
  fuzz: async () => (await import('./jest.mjs')).runFuzz(results),
  stress: async () => (await import('./jest.mjs')).runStress(results),
  sanitizers: async () => (await import('./sanitizers.mjs')).runSanitizers(results),
  gates: async () => (await import('./gates.mjs')).runGates(),
  vm: async () => (await import('./vm.mjs')).runVm(results),
  'every-gate': async () => (await import('./gates.mjs')).runEveryGate(),
  guest: async () => (await import('./vm.mjs')).runGuest(results),
  kasan: async () => (await import('./vm.mjs')).runKernel(results, 'kasan'),
  kcsan: async () => (await import('./vm.mjs')).runKernel(results, 'kcsan'),
  coverage: async () => (await import('./vm.mjs')).runKernel(results, 'coverage'),
  'linux-6.1': async () => (await import('./vm.mjs')).runKernel(results, 'linux-6.1'),
};

/** Only by name: each takes a kernel or more; `gates` and `vm` have the heart of them. */
const onRequest = ['every-gate', 'guest', 'kasan', 'kcsan', 'coverage', 'linux-6.1'];

/** Stages that take minutes are not run again before something changes; what did not run is not counted. */
const slow = ['escapes', 'fuzz', 'stress', 'sanitizers', 'gates', 'vm'];
const inputs = [
  'csrc',
  'demo',
  'docs',
  'lib',
  'man',
  'scripts',
  'test',
  'binding.gyp',
  'jest.config.js',
  'package-lock.json',
];

/** What decides the kernels and their guest, and is no file of this repository. */
const guestPackages = ['busybox-static', 'gcc', 'linux-source-6.12', 'qemu-system-x86'];
const gatePackages = ['clang-format', 'gcc', 'linux-source-6.12', 'sparse'];

/** @param {string} name */
function whatDecides(name) {
  const common = [process.version, release()];
  if (name === 'gates') return { inputs: ['kernel-patch', 'scripts/gates.mjs'], facts: [versionsOf(gatePackages)] };
  if (name !== 'vm') return { inputs, facts: common };
  return { inputs: [...inputs, 'kernel-patch'], facts: [...common, versionsOf(guestPackages)] };
}

/**
 * What to call when the stage has passed; undefined when it has, and nothing has changed since.
 *
 * @param {string} name
 */
function findDue(name) {
  const { inputs: files, facts } = whatDecides(name);
  return byName || !slow.includes(name) ? () => undefined : changed(`build/.${name}-stamp`, files, facts);
}

const all = /** @type {(keyof typeof stages)[]} */ (Object.keys(stages));
const unknown = process.argv.slice(2).find((name) => !Object.hasOwn(stages, name));
if (unknown !== undefined) fail(`there is no stage ${unknown}: choose from ${all.join(', ')}`);
const byName = process.argv.length > 2;
const chosen = all.filter((name) => (byName ? process.argv.includes(name) : !onRequest.includes(name)));

// The packages of a stage that is not due are not asked for.
const ofKernel = ['gates', 'vm', ...onRequest];
setUp(chosen.some((name) => ofKernel.includes(name) && findDue(name) !== undefined) ? 'vm' : 'test');
rmSync(results, { recursive: true, force: true });
mkdirSync(results);
const answers = [];
for (const name of chosen) {
  const remember = findDue(name);
  if (remember === undefined) {
    say(`stage ${name}: passed before, and nothing has changed since; \`npm run test:${name}\` runs it again`);
    continue;
  }
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
