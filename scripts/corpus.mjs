// SPDX-License-Identifier: MIT
// `npm run test:corpus`: the escape corpus in every environment, on this kernel and in guests, and the
// real programs on this kernel; then docs/guarantees.json and docs/guarantees.md are made from what it
// came to. Names as arguments run only those, and `--only 'D06|E02'` the rows whose names match; what the
// others came to before stays. The programs under the kernel patch run only when they are named:
// `lsm-6.12-programs`. In a guest, where a process takes seconds to start, rows share one, unless
// `--alone` or `--only` is given.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { corpusGroup, guestJestArguments, programsGroup } from './guest-jest.mjs';
import { countJest } from './jest.mjs';
import { fail, root, run, local, say } from './run.mjs';
import { setUp } from './setup.mjs';
import { sum } from './sum.mjs';
import { countGuest } from './vm.mjs';

/** The arguments of disablenetwork-vm for each environment of a guest. */
const guests = {
  'lsm-6.12': [],
  'lsm-6.1': ['--kernel', '6.1'],
  'landlock-6': ['--no-patch'],
  'seccomp-6.1': ['--kernel', '6.1', '--no-patch'],
  // Browsers take memory, and programs keep what they need in /var.
  'lsm-6.12-programs': ['--memory', '3072', '--overlay', '/var'],
};

/** On this machine's kernel, which offers one environment or two: what jest is told. */
const here = {
  host: ['--selectProjects', 'corpus', '--testPathIgnorePatterns', 'test/corpus/guarantees'],
  programs: ['--selectProjects', 'programs'],
};

const results = path.join(root, '.results/corpus');
const passedFile = path.join(results, 'passed.json');

/** @type {string[]} */
const passed = [];

const { values, positionals } = parseArgs({
  options: { only: { type: 'string' }, alone: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const { only, alone } = values;

/** @param {string} name */
const isOfPrograms = (name) => name.endsWith('programs');

/** @param {keyof typeof here} name */
function runHere(name) {
  const report = path.join(results, `${name}.json`);
  const args = [...here[name], ...(only === undefined ? [] : ['--testNamePattern', only])];
  const answer = countJest(report, args, { childEnvironment: {}, environment: { TEST_CORPUS: '1' } });
  if (!existsSync(report)) return answer;
  /** @type {{ testResults: { assertionResults: { status: string, fullName: string }[] }[] }} */
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const all = testResults.flatMap(({ assertionResults }) => assertionResults);
  passed.push(...all.filter(({ status }) => status === 'passed').map(({ fullName }) => fullName));
  return answer;
}

/** @param {keyof typeof guests} name */
function runGuest(name) {
  const report = path.join(results, `${name}.xml`);
  const provider = name.startsWith('lsm') ? 'lsm' : 'landlock';
  const group = isOfPrograms(name) ? programsGroup : corpusGroup;
  const args = guestJestArguments([group], { provider, only, alone });
  const answer = countGuest(report, [...args, ...guests[name]]);
  if (!existsSync(report)) return answer;
  for (const [, test = ''] of readFileSync(report, 'utf8').matchAll(/<testcase [^>]*name="([^"]*)"\/>/g)) {
    passed.push(test);
  }
  return answer;
}

/** @param {string} name */
function runPart(name) {
  say(`part ${name}`);
  const start = performance.now();
  const answer =
    name in here
      ? runHere(/** @type {keyof typeof here} */ (name))
      : runGuest(/** @type {keyof typeof guests} */ (name));
  say(`part ${name}: ${JSON.stringify(answer)} in ${((performance.now() - start) / 1000).toFixed(0)} s`);
  return answer;
}

const all = [...Object.keys(here), ...Object.keys(guests)];
// An emulated browser takes its time: half an hour for what this kernel does in two minutes.
const byDefault = all.filter((name) => name !== 'lsm-6.12-programs');
const chosen = positionals.length > 0 ? positionals : byDefault;
const unknown = chosen.find((name) => !all.includes(name));
if (unknown !== undefined) fail(`there is no part ${unknown}: choose from ${all.join(', ')}`);

// Some programs become other users, and what hides Landlock needs it as well.
if (chosen.some((name) => name in here) && process.getuid?.() !== 0) {
  fail('this part of the corpus has to run as root: in a container, or with sudo');
}
setUp(chosen.some((name) => name in guests) ? 'vm' : 'test');
if (chosen.some(isOfPrograms)) setUp('corpus');
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
const answers = chosen.map(runPart);
writeFileSync(passedFile, JSON.stringify(passed));
const { passed: count, failed, skipped } = sum(answers);
process.stdout.write(`\n${count} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}\n`);
// Holds the record against the rows as well, so that a failed row fails here once more, by its name.
run(local('jest'), ['--selectProjects', 'corpus', '--testPathPatterns', 'corpus/guarantees'], {
  environment: { GUARANTEES_PASSED: passedFile },
});
process.exit(failed === 0 && count > 0 ? 0 : 1);
