// SPDX-License-Identifier: MIT
import { constants } from 'node:os';
import { dispatch } from '../../../lib/cli/dispatch';
import { DisableNetworkError } from '../../../lib/errors';
import { createFakeContext, makeStatus } from './fake-context';

function ps(args: string[], overrides = {}) {
  const context = createFakeContext(overrides);
  return { exitCode: dispatch(['ps', ...args], context), ...context.written };
}

const processes = [
  { pid: 1, command: ['/sbin/init'] },
  { pid: 20, command: ['node', 'a b'] },
  { pid: 300, command: ['browser\u001b[31m', 'x'.repeat(100)] },
  { pid: 301, command: [] },
];

const networks = { 1: 'enabled', 20: 'disabled', 300: 'unknown', 301: 'unknown' } as const;
const networkStatus = (pid: keyof typeof networks) => makeStatus(pid, networks[pid]);
const world = { listProcesses: () => processes, networkStatus };

it('lists what is off and what cannot be told, with each reason once', () => {
  expect(ps([], world)).toEqual({
    exitCode: 0,
    errors: '',
    output: `    PID  NETWORK   PROVIDER  UNIX      COMMAND
     20  disabled  landlock  pathname  node a b
    300  unknown   -         -         browser\\x1b[31m ${'x'.repeat(41)}...
    301  unknown   -         -
unknown (300, 301): It is unknown.
With --inspect the kernel is asked for the filters; it needs CAP_SYS_ADMIN.
`,
  });
});

it('writes the same as JSON', () => {
  const { output } = ps(['--json'], { ...world, areProcessesHidden: () => true });
  const parsed = JSON.parse(output) as { processes: { pid: number }[]; otherUsersHidden: boolean };
  expect(parsed.otherUsersHidden).toBe(true);
  expect(parsed.processes.map(({ pid }) => pid)).toEqual([20, 300, 301]);
  expect(parsed.processes[0]).toEqual({
    pid: 20,
    command: ['node', 'a b'],
    network: 'disabled',
    provider: 'landlock',
    unixSockets: 'pathname',
    reason: 'It is disabled.',
  });
});

it('inspects only when asked to', () => {
  const seen: unknown[] = [];
  const listProcesses = () => [{ pid: 20, command: [] }];
  const note = (pid: number, options: unknown) => {
    seen.push(options);
    return makeStatus(pid, 'enabled');
  };
  ps([], { listProcesses, networkStatus: note });
  ps(['--inspect'], { listProcesses, networkStatus: note });
  expect(seen).toEqual([{ inspect: false }, { inspect: true }]);
});

it('says so when there is none', () => {
  expect(ps([])).toEqual({ exitCode: 0, output: 'no process has its network off\n', errors: '' });
});

it('says so when /proc hides processes', () => {
  expect(ps([], { areProcessesHidden: () => true }).errors).toMatch(/^disablenetwork: \/proc hides other users' /);
});

const fail = (code: 'ERR_DISABLENETWORK_KERNEL' | 'ERR_DISABLENETWORK_ADDON') => () => {
  throw new DisableNetworkError(code, 'open /proc failed', { errno: -constants.errno.EACCES });
};

it('shows a process that may not be looked into as unknown', () => {
  const { output } = ps([], { ...world, networkStatus: fail('ERR_DISABLENETWORK_KERNEL') });
  expect(output).toContain('    301  unknown');
  expect(output).toContain('unknown (1, 20, 300, 301): /proc does not let this user look into it (EACCES).\n');
});

it('counts them when they are many', () => {
  const listProcesses = () => Array.from({ length: 11 }, (_, index) => ({ pid: index + 1, command: [] }));
  const { output } = ps([], { listProcesses, networkStatus: fail('ERR_DISABLENETWORK_KERNEL') });
  expect(output).toContain('unknown (11 processes): ');
});

it('leaves out a process that has ended meanwhile', () => {
  const { output } = ps([], {
    ...world,
    networkStatus: fail('ERR_DISABLENETWORK_KERNEL'),
    processExists: (pid: number) => pid === 20,
  });
  expect(output).toContain('unknown (20): ');
});

it('fails when the addon is missing, in place of calling everything unknown', () => {
  const { exitCode, output } = ps([], { ...world, networkStatus: fail('ERR_DISABLENETWORK_ADDON') });
  expect([exitCode, output]).toEqual([125, '']);
});
