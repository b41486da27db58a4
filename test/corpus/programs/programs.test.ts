// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { repository } from '../../support/folders';
import { findEnvironments } from '../environments';
import { compare, launcherIn, reach } from './compare';
import { programRows } from './index';

jest.setTimeout(240_000);

/** By id: the verdict in each environment; where one is not `works`, also the reason and the remedy. */
const expectations = JSON.parse(readFileSync(join(__dirname, 'expected.json'), 'utf8')) as Readonly<
  Record<string, Readonly<Record<string, string>>>
>;

it('each row has an id of its own, and nothing is expected of a row that is not there', () => {
  const ids = programRows.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)]);
  expect(Object.keys(expectations).sort()).toEqual([...ids].sort());
});

it('the packages of each row are installed by the set-up', () => {
  const list = readFileSync(join(repository, 'scripts/debian.mjs'), 'utf8');
  const unknown = programRows.flatMap(({ packages }) => packages).filter((name) => !list.includes(`'${name}'`));
  expect(unknown).toEqual([]);
});

it('what breaks somewhere has its reason and a remedy', () => {
  const silent = Object.entries(expectations).filter(
    ([, { reason, remedy, ...verdicts }]) =>
      Object.values(verdicts).some((verdict) => verdict !== 'works') && (reason === undefined || remedy === undefined),
  );
  expect(silent).toEqual([]);
});

describe.each(findEnvironments())('$id', (environment) => {
  it('programs run with the network before, and without it after', async () => {
    expect(await reach(environment.offering())).toBe('connected');
    expect(await reach(launcherIn(environment))).toBe('EPERM');
  });

  it.each(programRows)('$id: $title', async (row) => {
    const verdict = await compare(row, environment);
    expect(`${row.id} in ${environment.id}: ${verdict}`).toBe(
      `${row.id} in ${environment.id}: ${expectations[row.id]?.[environment.id] ?? 'nothing is written down yet'}`,
    );
  });
});
