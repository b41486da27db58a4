// SPDX-License-Identifier: MIT
// Rows that share a process are told apart: each comes to what it comes to alone, whatever the others do.
import { startOutside, type Outside } from '../support/outside';
import { inBatches } from './batch';
import { findEnvironments } from './environments';
import { expectedVerdict } from './expected';
import { row, type Row } from './row';
import { familyAfterRows } from './rows/a-families-after';
import { tcpRows } from './rows/a-tcp';
import { udpRows } from './rows/a-udp';
import { judge } from './verdict';

jest.setTimeout(120_000);

const planted: Row[] = [
  row<null, null>({ id: 'Z00.void', title: 'its control fails', act: () => 'EPERM' }),
  row<null, null>({ id: 'Z00.open', title: 'it is always open', act: () => 'ok' }),
  row<null, null>({ id: 'Z00.silent', title: 'it answers ok, and nothing comes in', wire: true, act: () => 'ok' }),
];
const [isVoid, open, silent] = planted as [Row, Row, Row];
const ids = ['A01.tcp-connect', 'A02.udp-child', 'A02.udp-sendto', 'A04.udp-kept', 'A11.udp-after', 'A11.unix-after'];
const known = [...tcpRows, ...udpRows, ...familyAfterRows].filter(({ id }) => ids.includes(id));

let outside: Outside;
beforeAll(async () => {
  outside = await startOutside();
});
afterAll(() => {
  outside.close();
});

describe.each(findEnvironments())('$id', (environment) => {
  it('each row comes to what is expected of it, between rows that are void or open', async () => {
    expect(known.map(({ id }) => id).sort()).toEqual(ids);
    const verdicts = await judge([isVoid, ...known, open], environment, outside, ' batch test');
    expect(verdicts).toEqual([
      'VOID: without the drop it answers EPERM',
      ...known.map(({ id }) => expectedVerdict(environment.id, id)),
      'OPEN, and named by nothing',
    ]);
  });

  it('what is said to be sent and does not come in judges none of them', async () => {
    const verdictOf = inBatches([open, silent], environment, () => ({
      ...outside,
      heard: () => Promise.reject(new Error('nothing has come in')),
    }));
    expect(await verdictOf(open)).toBeUndefined();
    expect(await verdictOf(silent)).toBeUndefined();
  });

  it('a row that is alone with its options, or isolated, is in no batch', async () => {
    const throwing = { ...open, throws: true as const };
    const other = { ...open, options: { unixSockets: 'connected' as const } };
    const verdictOf = inBatches([open, throwing, other], environment, () => outside);
    expect(await Promise.all([open, throwing, other].map(verdictOf))).toEqual([undefined, undefined, undefined]);
  });

  it('nothing of what is closed has come in', () => {
    expect(outside.broken()).toEqual([]);
  });
});
