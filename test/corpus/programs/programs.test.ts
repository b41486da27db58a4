// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { repository } from '../../support/folders';
import { programs } from '../all-rows';
import { findEnvironments } from '../environments';
import { compare, launcherIn, reach } from './compare';
import { expectations, verdictsOf } from './expected';

const rows = programs().map(({ row, fingerprint }) => ({ row, name: `${row.id} [${fingerprint}]: ${row.title}` }));

jest.setTimeout(240_000);

it('each row has an id of its own, and nothing is expected of a row that is not there', () => {
  const ids = rows.map(({ row: { id } }) => id);
  expect(ids).toEqual([...new Set(ids)]);
  expect(Object.keys(expectations).sort()).toEqual([...ids].sort());
});

it('the packages of each row are installed by the set-up', () => {
  const list = readFileSync(join(repository, 'scripts/debian.mjs'), 'utf8');
  const unknown = rows.flatMap(({ row }) => row.packages).filter((name) => !list.includes(`'${name}'`));
  expect(unknown).toEqual([]);
});

it('what breaks somewhere has its reason and a remedy', () => {
  const silent = Object.entries(expectations).filter(
    ([, expectation]) =>
      Object.values(verdictsOf(expectation)).some((verdict) => verdict !== 'works') &&
      (expectation['reason'] === undefined || expectation['remedy'] === undefined),
  );
  expect(silent).toEqual([]);
});

describe.each(findEnvironments())('$id', (environment) => {
  it('programs run with the network before, and without it after', async () => {
    expect(await reach(environment.offering())).toBe('connected');
    expect(await reach(launcherIn(environment))).toBe('EPERM');
  });

  it.each(rows)('$name', async ({ row }) => {
    const verdict = await compare(row, environment);
    expect(`${row.id} in ${environment.id}: ${verdict}`).toBe(
      `${row.id} in ${environment.id}: ${expectations[row.id]?.[environment.id] ?? 'nothing is written down yet'}`,
    );
  });
});
