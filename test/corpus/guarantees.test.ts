// SPDX-License-Identifier: MIT
// The file of guarantees says which rows ran as they are now, and the page what they came to. GUARANTEES_PASSED is
// a file with the names of the tests that have just passed: then both are written anew first.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { repository } from '../support/folders';
import { listsOfWays, programs, ways } from './all-rows';
import { expectations, expectedVerdict, parseExpected } from './expected';
import { fingerprintOf } from './fingerprint';
import { notRun } from './not-run';
import { findStale, merge, write, type Guarantees, type PassedTests } from './guarantees/record';
import { render } from './guarantees/render';

const data = join(repository, 'docs/guarantees.json');
const page = join(repository, 'docs/guarantees.md');
const again = 'npm test -- guarantees makes it anew, and with lsm-6.12-programs the programs under lsm';

function read(): Guarantees {
  if (!existsSync(data)) return { environments: {}, rows: {} };
  return JSON.parse(readFileSync(data, 'utf8')) as Guarantees;
}

const rows = [...ways(), ...programs()].sort((one, other) => (one.row.id < other.row.id ? -1 : 1));
const passed = process.env['GUARANTEES_PASSED'];
if (passed !== undefined) {
  const merged = merge(read(), rows, JSON.parse(readFileSync(passed, 'utf8')) as PassedTests);
  writeFileSync(data, write(merged));
  writeFileSync(page, render(merged, rows));
}

it('no two rows have one id', () => {
  const ids = rows.map(({ row }) => row.id);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

it('each list of rows is tried by one file of tests', () => {
  const files = readdirSync(__dirname).filter((file) => file.endsWith('.test.ts'));
  const calls = files.flatMap(
    (file) => readFileSync(join(__dirname, file), 'utf8').match(/^describeRows\(.*$/gm) ?? [],
  );
  const tried = calls.flatMap((call) => call.match(/\w+Rows\b(?!\()/g) ?? []);
  expect(tried.sort()).toEqual(listsOfWays().sort());
});

it('nothing is expected of a row that is not there', () => {
  const ids = new Set(rows.map(({ row }) => row.id));
  expect([...expectations.keys()].filter((id) => !ids.has(id))).toEqual([]);
});

it('each exception is one of an environment in which the row runs', () => {
  const unknown = rows.flatMap(({ row, environments }) =>
    Object.keys(expectations.get(row.id)?.exceptions ?? {}).filter((name) => !environments.includes(name)),
  );
  expect(unknown).toEqual([]);
});

it('no way is expected to be open and named by nothing', () => {
  const all = [...expectations].flatMap(([id, { verdicts, exceptions }]) =>
    [...Object.values(verdicts), ...Object.values(exceptions)].map((verdict) => [id, verdict] as const),
  );
  expect(all.filter(([, verdict]) => verdict.includes('OPEN'))).toEqual([]);
});

it.each([
  ['A01.one | closed (EPERM) | closed (EPERM)', 'too few verdicts for A01.one'],
  ['A01.one | works | works | works | absent (EINVAL)', 'an exception of A01.one that names no environment'],
  ['A01.one | works | works | works\nA01.one | works | works | works', 'two lines for A01.one'],
])('what is written of a row is refused: %j', (lines, complaint) => {
  expect(() => parseExpected(`id | lsm | landlock | seccomp\n${lines}\n`)).toThrow(complaint);
});

it(`each row has run as it is now, but for those that are named with a reason: ${again}`, () => {
  const stale = findStale(read(), rows);
  const keyOf = (text: string): string => `${text.split(' ')[0] ?? ''} ${text.split(' ').at(-1) ?? ''}`;
  const named = notRun.flatMap(({ environments, ids }) =>
    environments.flatMap((name) => ids.map((id) => `${id} ${name}`)),
  );
  expect(stale.filter((text) => !named.includes(keyOf(text)))).toEqual([]);
  expect(named.filter((key) => !stale.map(keyOf).includes(key))).toEqual([]);
});

it('a row has to run again when it or what is expected of it has changed', () => {
  const [located] = ways() as [ReturnType<typeof ways>[0]];
  const { row, environments, fingerprintIn } = located;
  const ran = Object.fromEntries(environments.map((id) => [id, fingerprintIn(id)]));
  const stale = (own: Readonly<Record<string, string>>): string[] =>
    findStale({ environments: {}, rows: { [row.id]: own } }, [located]);
  expect(stale(ran)).toEqual([]);
  expect(
    stale({ ...ran, seccomp: fingerprintOf({ ...row, title: 'another' }, expectedVerdict('seccomp', row.id)) }),
  ).toEqual([`${row.id} has changed since it ran in seccomp`]);
  expect(stale({ ...ran, 'lsm-6.1': fingerprintOf(row, 'another verdict') })).toEqual([
    `${row.id} has changed since it ran in lsm-6.1`,
  ]);
  expect(stale({})).toContain(`${row.id} has never run in seccomp`);
});

it(`docs/guarantees.md says what the rows came to: ${again}`, () => {
  expect(readFileSync(page, 'utf8')).toBe(render(read(), rows));
});
