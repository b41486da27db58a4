// SPDX-License-Identifier: MIT
// `npm test`, from a clean clone: sets up what is missing, then runs every check. `npm test -- NAME...`
// runs only these stages, and in any case; some take arguments, `npm test -- fuzz --seconds 600`.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import path from 'node:path';
import { versionsOf } from './debian.mjs';
import { describeCounts, sum } from './report.mjs';
import { fail, root, say } from './run.mjs';
import { setUp } from './setup.mjs';
import { changed } from './stamp.mjs';

const results = path.join(root, '.results');

/**
 * Loaded late: before the set-up, their dependencies may be missing.
 *
 * @type {Record<string, (args: readonly string[]) => Promise<{ passed: number, failed: number, skipped?: number }>>}
 */
const stages = {
  static: async () => (await import('./static.mjs')).runStaticChecks(),
  jest: async () => (await import('./jest.mjs')).runMost(results),
  corpus: async () => (await import('./jest.mjs')).runCorpus(results),
  fuzz: async (args) => (await import('./fuzz.mjs')).runFuzz(results, args),
  stress: async () => (await import('./jest.mjs')).runStress(results),
  sanitizers: async () => (await import('./sanitizers.mjs')).runSanitizers(results),
  gates: async () => (await import('./gates.mjs')).runGates(),
  vm: async () => (await import('./vm.mjs')).runSeries(results),
  drops: async (args) => (await import('./jest.mjs')).runDrops(results, args),
  'every-gate': async () => (await import('./gates.mjs')).runEveryGate(),
  guest: async (args) => (await import('./vm.mjs')).runGuest(results, args),
  kasan: async () => (await import('./vm.mjs')).runKernel(results, 'kasan'),
  kcsan: async () => (await import('./vm.mjs')).runKernel(results, 'kcsan'),
  coverage: async () => (await import('./vm.mjs')).runKernel(results, 'coverage'),
  'linux-6.1': async () => (await import('./vm.mjs')).runKernel(results, 'linux-6.1'),
  stacking: async (args) => (await import('./stacking.mjs')).runStacking(results, args),
  regression: async (args) => (await import('./measure.mjs')).runRegression(args),
  cost: async (args) => (await import('./measure.mjs')).runCost(args),
  guarantees: async (args) => (await import('./guarantees.mjs')).runGuarantees(results, args),
};

/** What `npm test` runs; each of the others takes a kernel or more, or big packages. */
const always = ['static', 'jest', 'corpus', 'fuzz', 'stress', 'sanitizers', 'gates', 'vm'];

/** Whatever stands behind the name of one of these is its own. */
const takeArguments = ['drops', 'fuzz', 'guest', 'stacking', 'regression', 'cost', 'guarantees'];

/** Those that need no kernel of our own, or set up what they need themselves. */
const withoutKernel = ['static', 'jest', 'corpus', 'fuzz', 'stress', 'sanitizers', 'drops', 'guarantees'];

/** Stages that take minutes are not run again before something changes; what did not run is not counted. */
const slow = ['corpus', 'fuzz', 'stress', 'sanitizers', 'gates', 'vm'];
const inputs = [
  'csrc',
  'demo',
  'docs',
  'lib',
  'man',
  'scripts',
  'test',
  'vm',
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

const words = process.argv.slice(2);
const byName = words.length > 0;
const args = takeArguments.includes(words[0] ?? '') ? words.splice(1) : [];
const unknown = words.find((name) => !Object.hasOwn(stages, name));
if (unknown !== undefined) fail(`there is no stage ${unknown}: choose from ${Object.keys(stages).join(', ')}`);
const chosen = byName ? words : always;

// The packages of a stage that is not due are not asked for.
setUp(chosen.some((name) => !withoutKernel.includes(name) && findDue(name) !== undefined) ? 'vm' : 'test');
rmSync(results, { recursive: true, force: true });
mkdirSync(results);
const answers = [];
for (const name of chosen) {
  const remember = findDue(name);
  if (remember === undefined) {
    say(`stage ${name}: passed before, and nothing has changed since; \`npm test -- ${name}\` runs it again`);
    continue;
  }
  say(`stage ${name}`);
  const start = performance.now();
  const answer = sum([(await stages[name]?.(args)) ?? { passed: 0, failed: 1 }]);
  answers.push(answer);
  if (answer.failed === 0) remember();
  say(`stage ${name}: ${describeCounts(answer)} in ${((performance.now() - start) / 1000).toFixed(0)} s`);
}
const total = sum(answers);
const summary = describeCounts(total);
writeFileSync(path.join(results, 'summary'), `${summary}\n`);
process.stdout.write(`\n${summary}\n`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
