// SPDX-License-Identifier: MIT
// `npm test -- guarantees`: the corpus in every environment, on this kernel and in guests, and the
// real programs on this kernel; then docs/guarantees.json and docs/guarantees.md are made from what it
// came to. Names as arguments run only those, and `--only 'D06|E02'` the rows whose names match; what the
// others came to before stays. The programs under the kernel patch run only when they are named:
// `lsm-6.12-programs`. In a guest, where a process takes seconds to start, rows share one, unless
// `--isolated` or `--only` is given.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { corpusGroup, guestJestArguments, programsGroup } from './guest-jest.mjs';
import { runJest } from './jest.mjs';
import { describeCounts, sum } from './report.mjs';
import { fail, say } from './run.mjs';
import { setUp } from './setup.mjs';
import { runVm } from './vm.mjs';

/** The arguments of disablenetwork-vm for each environment of a guest. */
const guests = new Map([
  ['lsm-6.12', []],
  ['lsm-6.1', ['--kernel', '6.1']],
  ['landlock-6', ['--no-patch']],
  ['seccomp-6.1', ['--kernel', '6.1', '--no-patch']],
  // Browsers take memory, and programs keep what they need in /var.
  ['lsm-6.12-programs', ['--memory', '3072', '--overlay', '/var']],
]);

/** On this machine's kernel, which offers one environment or two: what jest is told. */
const here = new Map([
  ['host', ['--selectProjects', 'corpus', '--testPathIgnorePatterns', 'test/corpus/guarantees']],
  ['programs', ['--selectProjects', 'programs']],
]);

const all = [...here.keys(), ...guests.keys()];
// An emulated browser takes its time: half an hour for what this kernel does in two minutes.
const byDefault = all.filter((name) => name !== 'lsm-6.12-programs');

/** @param {string} name */
const isOfPrograms = (name) => name.endsWith('programs');

/**
 * @typedef {{ only: string | undefined, isolated: boolean }} Options
 * @param {string} folder
 * @param {string} name
 * @param {Options} options
 */
function runPart(folder, name, { only, isolated }) {
  say(`part ${name}`);
  const jest = here.get(name);
  if (jest !== undefined) {
    const args = [...jest, ...(only === undefined ? [] : ['--testNamePattern', only])];
    const environment = { TEST_CORPUS: '1' };
    return runJest(path.join(folder, `${name}.json`), args, { childEnvironment: {}, environment });
  }
  const provider = name.startsWith('lsm') ? 'lsm' : 'landlock';
  const group = isOfPrograms(name) ? programsGroup : corpusGroup;
  const args = guestJestArguments([group], { provider, only, isolated });
  return runVm(path.join(folder, `${name}.xml`), [...args, ...(guests.get(name) ?? [])]);
}

/**
 * @param {string} results
 * @param {readonly string[]} args
 */
export function runGuarantees(results, args) {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { only: { type: 'string' }, isolated: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const chosen = positionals.length > 0 ? positionals : byDefault;
  const unknown = chosen.find((name) => !all.includes(name));
  if (unknown !== undefined) fail(`there is no part ${unknown}: choose from ${all.join(', ')}`);

  // Some programs become other users, and what hides Landlock needs it as well.
  if (chosen.some((name) => here.has(name)) && process.getuid?.() !== 0) {
    fail('this part of the corpus has to run as root: in a container, or with sudo');
  }
  if (chosen.some((name) => guests.has(name))) setUp('vm');
  if (chosen.some(isOfPrograms)) setUp('corpus');
  const folder = path.join(results, 'guarantees');
  mkdirSync(folder);
  const reports = chosen.map((name) => {
    const start = performance.now();
    const report = runPart(folder, name, { only: values.only, isolated: values.isolated });
    say(`part ${name}: ${describeCounts(report)} in ${((performance.now() - start) / 1000).toFixed(0)} s`);
    return report;
  });
  const passedFile = path.join(folder, 'passed.json');
  writeFileSync(passedFile, JSON.stringify(reports.flatMap(({ names }) => names)));
  // Holds the record against the rows as well, so that a failed row fails here once more, by its name.
  const record = runJest(
    path.join(folder, 'record.json'),
    ['--selectProjects', 'corpus', '--testPathPatterns', 'corpus/guarantees'],
    { childEnvironment: {}, environment: { GUARANTEES_PASSED: passedFile } },
  );
  return sum([...reports, record]);
}
