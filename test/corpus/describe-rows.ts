// SPDX-License-Identifier: MIT
// Makes a test of each row in each environment that this kernel offers. A file of tests calls it more than
// once, for each file makes jest load itself again, which takes a second in a guest.
import { release } from 'node:os';

import { startOutside, type Outside } from '../support/outside';
import { inBatches } from './batch';
import { findEnvironments } from './environments';
import { expectedVerdict } from './expected';
import { fingerprintOf } from './fingerprint';
import type { Row } from './row';
import { judge } from './verdict';

export function describeRows(rows: readonly Row[]): void {
  jest.setTimeout(120_000);
  describe.each(findEnvironments())('$id', (environment) => {
    let outside: Outside;
    beforeAll(async () => {
      outside = await startOutside();
    });
    afterAll(() => {
      outside.close();
    });

    const named = rows.map((row) => {
      const fingerprint = fingerprintOf(row, expectedVerdict(environment.id, row.id));
      return { row, name: `${row.id} [${fingerprint}]: ${row.title}` };
    });
    const batchVerdict = inBatches(rows, environment, () => outside);
    it.each(named)('$name', async ({ row }) => {
      const expected = expectedVerdict(environment.id, row.id);
      const batched = process.env['TEST_TOGETHER'] === undefined ? undefined : await batchVerdict(row);
      const [verdict] = batched === expected ? [batched] : await judge([row], environment, outside);
      expect(`${row.id} in ${environment.id}: ${String(verdict)}`).toBe(`${row.id} in ${environment.id}: ${expected}`);
    });

    it(`nothing of what is closed has come in, on Linux ${release()}`, () => {
      expect(outside.broken()).toEqual([]);
    });
  });
}
