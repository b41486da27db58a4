// SPDX-License-Identifier: MIT
import { constants } from 'node:os';
import type { RawDescriptor, RawThread } from '../../../lib/native/binding';
import { resolveOptions } from '../../../lib/options/resolve';
import { makePlan } from '../../../lib/drop/plan';
import type { Residual } from '../../../lib/types';
import { fakeBinding, type FakeKernel, tcpSocket, thread } from '../fake-binding';
import { rawDescriptor, rawSocket } from '../inventory/samples';

const withTable = (foreign: RawThread['foreign']) => [thread(1), { ...thread(2), foreign }];
const foreignSocket = (number: number): RawDescriptor => ({
  ...rawSocket({ family: 0, type: 0, protocol: 0 }),
  link: `socket:[${String(number)}]`,
});
const pipe = rawDescriptor({ link: 'pipe:[8]', mode: 0o10600 });
const memory = rawDescriptor({ link: '/proc/7/mem', mode: 0o100600, inProc: true });

const residualsOf = (kernel: FakeKernel): readonly Residual[] =>
  makePlan(fakeBinding(kernel).binding, resolveOptions({})).plan.residuals;
const waysOf = (foreign: RawThread['foreign']) => residualsOf({ threads: withTable(foreign) })[0]?.ways.join();

it('is a residual while its socket is open', () => {
  const threads = withTable([foreignSocket(7), pipe, foreignSocket(1021)]);
  const named = residualsOf({ threads, descriptors: [tcpSocket(21, { local: null, remote: null })] });
  const found = named.find(({ id }) => id === 'descriptor-table');
  expect(found).toMatchObject({ descriptor: null, closable: false });
  expect(found?.ways.join()).toMatch(/: socket:\[7\]$/);
});

it('is none when the socket was only closed between two looks', () => {
  let looks = 0;
  const threads = () => withTable([foreignSocket((looks += 1) === 1 ? 7 : 9)]);
  expect(residualsOf({ threads })).toEqual([]);
  expect(looks).toBeGreaterThan(1);
});

it('is a residual under the kernel patch for what is no socket: it asks at each use of those', () => {
  const lsm = (foreign: RawThread['foreign']) => residualsOf({ threads: withTable(foreign), networkPrctl: 0 });
  expect(lsm([foreignSocket(7)])).toEqual([]);
  expect(lsm([foreignSocket(7), memory])).toMatchObject([
    { id: 'descriptor-table', ways: [expect.stringMatching(/: \/proc\/7\/mem$/)] },
  ]);
});

it('is a residual when it cannot be read', () => {
  expect(waysOf(-constants.errno.EMFILE)).toContain('the table of thread 2 answers EMFILE');
});

it('names what is open where no path can be shown', () => {
  const device = rawDescriptor({ link: '', mode: 0o20666, device: '10:200', driver: 'misc/tun' });
  expect(waysOf([device, { ...memory, link: '' }])).toMatch(
    /\(10:200\) whose path is too long, a file whose path is too long$/,
  );
});
