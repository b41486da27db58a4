// SPDX-License-Identifier: MIT
// `npm run test:corpus`: the escape corpus in every environment, on this kernel and in guests; then
// docs/guarantees.json and docs/guarantees.md are made from what it came to. Names of environments as
// arguments run only those; what the others came to before stays.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { corpusGroup, guestJestArguments } from './guest-jest.mjs';
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
};

/** What this machine's kernel offers, one environment or two. */
const here = 'host';

const results = path.join(root, '.results/corpus');
const passedFile = path.join(results, 'passed.json');

/** @type {string[]} */
const passed = [];

function runHere() {
  const report = path.join(results, 'host.json');
  const args = ['--selectProjects', 'corpus', '--testPathIgnorePatterns', 'test/corpus/guarantees'];
  const answer = countJest(report, args, { childEnvironment: {} });
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
  const answer = countGuest(report, [...guestJestArguments([corpusGroup], provider), ...guests[name]]);
  if (!existsSync(report)) return answer;
  for (const [, test = ''] of readFileSync(report, 'utf8').matchAll(/<testcase [^>]*name="([^"]*)"\/>/g)) {
    passed.push(test);
  }
  return answer;
}

/** @param {string} name */
function runEnvironment(name) {
  say(`environment ${name}`);
  const start = performance.now();
  const answer = name === here ? runHere() : runGuest(/** @type {keyof typeof guests} */ (name));
  say(`environment ${name}: ${JSON.stringify(answer)} in ${((performance.now() - start) / 1000).toFixed(0)} s`);
  return answer;
}

const all = [here, ...Object.keys(guests)];
const chosen = process.argv.length > 2 ? process.argv.slice(2) : all;
const unknown = chosen.find((name) => !all.includes(name));
if (unknown !== undefined) fail(`there is no environment ${unknown}: choose from ${all.join(', ')}`);

setUp('vm');
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
const answers = chosen.map(runEnvironment);
writeFileSync(passedFile, JSON.stringify(passed));
const { passed: count, failed, skipped } = sum(answers);
process.stdout.write(`\n${count} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}\n`);
// Holds the record against the rows as well, so that a failed row fails here once more, by its name.
run(local('jest'), ['--selectProjects', 'corpus', '--testPathPatterns', 'corpus/guarantees'], {
  environment: { GUARANTEES_PASSED: passedFile },
});
process.exit(failed === 0 && count > 0 ? 0 : 1);
