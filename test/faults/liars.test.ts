// SPDX-License-Identifier: MIT
// The matrix notices packages that lie, and each for the right reason.
import path from 'node:path';

import { repository } from '../support/folders';
import { withPlace } from './support/matrix';
import { type Place, run } from './support/run';
import { providers } from './support/settings';
import { judge } from './support/verdict';

jest.setTimeout(120_000);

const setting = { provider: providers[0] ?? 'landlock', runtime: 'host', scene: 'plain' } as const;

/** What is wrong with a drop of the liar's, by kind. */
async function findKinds(place: Place): Promise<string[]> {
  const verdict = judge('nothing', await run(place, setting, 'nothing'));
  return [...new Set(verdict.problems.map(({ kind }) => kind))].sort();
}

// A hang has to last, but not as long as the real limit.
test.each([
  ['returns', ['lie']],
  ['hangs', ['hang']],
  ['crashes', ['crash']],
  ['half-done', ['changed', 'no second']],
  ['one-of-two', ['lie']],
  ['forgets', ['forgotten']],
  ['leaks', ['leak', 'no second']],
])('%s', async (name, kinds) => {
  const liar = path.join(__dirname, 'liars', `${name}.cjs`);
  const found = await withPlace(repository, (place) => findKinds({ ...place, library: liar, copy: liar, limit: 3000 }));
  expect(found).toEqual(kinds);
});
