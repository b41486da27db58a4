// SPDX-License-Identifier: MIT
// The page and the file of guarantees say what the rows came to, as they are now. GUARANTEES_PASSED is
// a file with the names of the tests that have just passed: then both are written anew first.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { repository } from '../support/folders';
import { listsOfWays, programs, ways } from './all-rows';
import { expected } from './expected';
import { findStale, merge, type Guarantees, type PassedTests } from './guarantees/record';
import { render } from './guarantees/render';

const data = join(repository, 'docs/guarantees.json');
const page = join(repository, 'docs/guarantees.md');
const again = 'npm run test:corpus makes it anew, and with lsm-6.12-programs the programs under lsm';

function read(): Guarantees {
  if (!existsSync(data)) return { environments: {}, rows: [] };
  return JSON.parse(readFileSync(data, 'utf8')) as Guarantees;
}

const rows = [...ways(), ...programs()].sort((one, other) => (one.row.id < other.row.id ? -1 : 1));
const passed = process.env['GUARANTEES_PASSED'];
if (passed !== undefined) {
  const merged = merge(read(), rows, JSON.parse(readFileSync(passed, 'utf8')) as PassedTests);
  writeFileSync(data, `${JSON.stringify(merged, null, 2)}\n`);
  writeFileSync(page, render(merged));
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
  const others = Object.values(expected).flatMap((verdicts) => Object.keys(verdicts).filter((id) => !ids.has(id)));
  expect(others).toEqual([]);
});

it('no way is expected to be open and named by nothing', () => {
  const verdicts = Object.values(expected).flatMap((all) => Object.entries(all));
  expect(verdicts.filter(([, verdict]) => verdict.includes('OPEN'))).toEqual([]);
});

it(`docs/guarantees.json is what the rows came to: ${again}`, () => {
  expect(findStale(read(), rows, Object.keys(expected))).toEqual([]);
});

it(`docs/guarantees.md says the same: ${again}`, () => {
  expect(readFileSync(page, 'utf8')).toBe(render(read()));
});
