// SPDX-License-Identifier: MIT
// Random system calls from inside the drop: nothing may be on the wire. See README.md beside this.
import { mkdirSync, appendFileSync } from 'node:fs';
import { join } from 'node:path';

import { byProvider } from '../../process/support/provider';
import { repository } from '../../support/folders';
import { say, seconds, seed, timeLimit } from '../support/budget';
import { readComplaints, readTaint, type Round, runRound } from './round';

const short = 3;
/** A long run is made of many: connections that the fuzzer has worn out are no test any more. */
const longestRound = 40;
jest.setTimeout(timeLimit(short) * 2);

const providers = byProvider<Round['provider'][]>({ lsm: ['lsm'], landlock: ['landlock', 'seccomp'] });
const modes = ['fresh', 'unconnected', 'connected'] as const;
const cases = providers.flatMap((provider) => modes.map((mode) => ({ provider, mode })));

/** Each case gets its part of the time. */
const share = Math.ceil(seconds(short * cases.length) / cases.length);

test.each(cases)('nothing leaves: provider $provider, sockets from before: $mode', (which) => {
  const before = { taint: readTaint(), complaints: readComplaints() };
  for (let spent = 0, round = 0; spent < share; round += 1) {
    const part = Math.min(longestRound, share - spent);
    spent += part;
    // A process with capabilities is no other to the drop; the filter of `seccomp` is put in before they go.
    const keepsCapabilities = which.provider !== 'seccomp' && round % 2 === 1;
    const order = { ...which, keepsCapabilities, seed: seed + round, seconds: part };
    const { dropped, control, ...summary } = runRound(order);
    const { byCall, ...facts } = dropped;
    say('system-calls', { ...order, ...summary, dropped: facts, control: { ...control, byCall: undefined } });
    keep({ ...order, ...summary, dropped, control });
    expect({ order, ...summary, frames: [...facts.unlawfulFrames, ...facts.farUnlawfulFrames] }).toMatchObject({
      passed: true,
      frames: [],
    });
    // Workers are not killed but by the filter, which ends only those that are there for it.
    expect(facts.deaths).toEqual({});
    expect(Object.keys(facts.innerDeaths)).toEqual(which.provider === 'lsm' ? [] : ['SIGSYS']);
    expect(Object.keys(byCall).length).toBeGreaterThan(50);
  }
  expect({ taint: readTaint(), complaints: readComplaints() }).toEqual(before);
});

const unguarded = byProvider({ lsm: [], landlock: ['udp-socket'] });

if (unguarded.length > 0) {
  test('a way out that is accepted by name is found, so that it would be found elsewhere, too', () => {
    const order = { provider: providers[0] ?? 'landlock', mode: 'connected', seed, seconds: 4 } as const;
    const strict = runRound({ ...order, seconds: 1, accepts: 'throw' });
    expect(strict).toMatchObject({ passed: false, reason: 'the fuzzer did not run' });
    const accepted = runRound({ ...order, accepts: unguarded.join(',') });
    expect(accepted).toMatchObject({ passed: false, reason: 'a frame left' });
    say('a way that is open', { seed, frames: accepted.dropped.unlawful, of: accepted.dropped.frames });
  });
}

function keep(summary: object): void {
  const folder = join(repository, '.results');
  mkdirSync(folder, { recursive: true });
  appendFileSync(join(folder, 'fuzz-system-calls.jsonl'), `${JSON.stringify(summary)}\n`);
}
