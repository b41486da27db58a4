// SPDX-License-Identifier: MIT
// A sample of the matrix: each call of a drop fails once, and each disturbance happens once. README.md
// says how to run all of it.
import { repository } from '../support/folders';
import { idOf } from './support/fault';
import { tryAll, type Tried, withPlace } from './support/matrix';
import { record } from './support/record';
import { describeFailure } from './support/report';
import { chooseFew } from './support/sample';
import { fewSettings } from './support/settings';

jest.setTimeout(300_000);

/** All of one setting's faults follow from its recording, which is a drop without a fault. */
async function trySample(): Promise<Tried[]> {
  return withPlace(repository, async (place) => {
    const recordings = await Promise.all(fewSettings().map((setting) => record(place, setting)));
    return tryAll(place, chooseFew(recordings));
  });
}

test('no fault makes a drop lie, crash or hang', async () => {
  const all = await trySample();
  expect(all.filter(({ verdict }) => verdict.problems.length > 0).map(describeFailure)).toEqual([]);
  const missed = all.filter(({ verdict }) => verdict.outcome === 'not reached').map(({ fault }) => idOf(fault));
  expect(missed.length).toBeLessThan(all.length / 10);
  expect(all.length).toBeGreaterThanOrEqual(60);
  // Each of the three ways to end was seen, or nothing was at stake.
  const seen = new Set(all.map(({ verdict }) => verdict.outcome));
  expect((['untouched', 'partial', 'receipt'] as const).filter((outcome) => !seen.has(outcome))).toEqual([]);
});
