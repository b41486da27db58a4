// SPDX-License-Identifier: MIT
import { constants } from 'node:os';
import { dispatch } from '../../../lib/cli/dispatch';
import { DisableNetworkError } from '../../../lib/errors';
import { createFakeContext, makeStatus } from './fake-context';

function status(args: string[], overrides = {}) {
  const context = createFakeContext(overrides);
  return { exitCode: dispatch(['status', ...args], context), ...context.written, calls: context.calls };
}

it.each([
  ['disabled', 0, '7: network disabled by landlock, Unix sockets pathname\n  It is disabled.\n'],
  ['enabled', 1, '7: network enabled\n  It is enabled.\n'],
  [
    'unknown',
    3,
    '7: network unknown\n  It is unknown.\nWith --inspect the kernel is asked for the filters; it needs CAP_SYS_ADMIN.\n',
  ],
] as const)('of a process whose network is %s exits %d', (network, exitCode, output) => {
  const networkStatus = () => makeStatus(7, network);
  expect(status(['7'], { networkStatus })).toMatchObject({ exitCode, output, errors: '' });
  const json = status(['--json', '7'], { networkStatus });
  expect(json.exitCode).toBe(exitCode);
  expect(JSON.parse(json.output)).toEqual(makeStatus(7, network));
});

it('asks for its own process without a pid, and for the given one with it', () => {
  expect(status([]).calls).toEqual([['networkStatus', undefined, { inspect: false }]]);
  expect(status(['4194304']).calls).toEqual([['networkStatus', 4194304, { inspect: false }]]);
});

it('gives no advice that was taken', () => {
  const networkStatus = () => makeStatus(7, 'unknown');
  expect(status(['--inspect', '7'], { networkStatus }).output).toBe('7: network unknown\n  It is unknown.\n');
});

it('inspects only when asked to', () => {
  expect(status(['--inspect', '7']).calls).toEqual([['networkStatus', 7, { inspect: true }]]);
});

it.each(['0', '-1', '1.5', '1e3', '0x1', ' 1', 'self', '4194305', '99999999999999999999', ''])('refuses %j', (pid) => {
  const { exitCode, errors, calls } = status(['--', pid]);
  expect([exitCode, calls]).toEqual([2, []]);
  expect(errors).toBe(`disablenetwork: '${pid}' is no process id. Write a whole number above 0.\n`);
});

it('cannot tell of a process that does not exist', () => {
  expect(status(['7'], { processExists: () => false })).toEqual({
    exitCode: 3,
    output: '',
    errors: 'disablenetwork: there is no process 7, or /proc hides it\n',
    calls: [],
  });
});

it('cannot tell of a process that may not be looked into', () => {
  const networkStatus = () => {
    throw new DisableNetworkError('ERR_DISABLENETWORK_KERNEL', 'open /proc failed', { errno: -constants.errno.EPERM });
  };
  const { exitCode, output } = status(['7'], { networkStatus });
  expect(exitCode).toBe(3);
  expect(output).toContain('7: network unknown\n  /proc does not let this user look into it (EPERM).\n');
  // Not to see oneself is a failure.
  expect(status([], { networkStatus }).exitCode).toBe(125);
});
