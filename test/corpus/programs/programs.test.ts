// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { repository } from '../../support/folders';
import { programs } from '../all-rows';
import { findEnvironments } from '../environments';
import { expectations, expectedVerdict } from '../expected';
import { breaks } from './breaks';
import { compare, launcherIn, reach } from './compare';

const rows = programs();

jest.setTimeout(240_000);

it('the packages of each row are installed by the set-up', () => {
  const list = readFileSync(join(repository, 'scripts/debian.mjs'), 'utf8');
  const unknown = rows.flatMap(({ row }) => row.packages).filter((name) => !list.includes(`'${name}'`));
  expect(unknown).toEqual([]);
});

it('what breaks somewhere has its reason and a remedy', () => {
  const broken = rows.filter(({ row }) =>
    Object.values(expectations.get(row.id)?.verdicts ?? {}).some((verdict) => verdict !== 'works'),
  );
  expect(broken.map(({ row }) => row.id).sort()).toEqual(Object.keys(breaks).sort());
});

describe.each(findEnvironments())('$id', (environment) => {
  it('programs run with the network before, and without it after', async () => {
    expect(await reach(environment.offering())).toBe('connected');
    expect(await reach(launcherIn(environment))).toBe('EPERM');
  });

  const named = rows.map(({ row, fingerprintIn }) => ({
    row,
    name: `${row.id} [${fingerprintIn(environment.id)}]: ${row.title}`,
  }));
  it.each(named)('$name', async ({ row }) => {
    const verdict = await compare(row, environment);
    expect(`${row.id} in ${environment.id}: ${verdict}`).toBe(
      `${row.id} in ${environment.id}: ${expectedVerdict(environment.id, row.id)}`,
    );
  });
});
