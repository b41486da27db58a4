// SPDX-License-Identifier: MIT
import { dispatch } from '../../../../lib/cli/dispatch';
import { DisableNetworkError } from '../../../../lib/errors';
import { createFakeContext, descriptor, receipt, residual } from '../fake-context';

function run(args: string[], overrides = {}) {
  const context = createFakeContext({ path: '/bin', ...overrides });
  return { exitCode: dispatch(['run', ...args], context), ...context.written, calls: context.calls };
}

it('drops, then executes, and says nothing', () => {
  const { calls, output } = run(['--unix-sockets', 'all', '--', 'cat', '-v', '']);
  expect(calls).toEqual([
    ['disableNetwork', { explain: false, unixSockets: 'all' }],
    ['execute', '/bin/cat', ['cat', '-v', ''], [3, 5, 7]],
  ]);
  expect(output).toBe('');
});

it('does not hand over what the drop has closed', () => {
  const disableNetwork = () => ({ ...receipt, closed: [descriptor] });
  expect(run(['cat'], { disableNetwork }).calls).toEqual([['execute', '/bin/cat', ['cat'], [3, 7]]]);
});

it('opens the receipt before the drop and writes it before the command starts', () => {
  const { calls } = run(['--receipt', 'receipt.json', 'cat']);
  expect(calls.map(([name]) => name)).toEqual(['openReceipt', 'disableNetwork', 'write', 'execute']);
  expect(JSON.parse(calls[2]?.[1] as string)).toEqual(receipt);
});

it('changes nothing when the receipt cannot be opened', () => {
  const openReceipt = () => {
    throw new Error('ENOENT: no such file or directory');
  };
  const { exitCode, errors, calls } = run(['--receipt', '/none/r', 'cat'], { openReceipt });
  expect(exitCode).toBe(125);
  expect(errors).toBe('disablenetwork: ENOENT: no such file or directory\n');
  expect(calls).toEqual([]);
});

it('shows the receipt to people with --verbose', () => {
  const disableNetwork = () => ({
    ...receipt,
    kept: [descriptor, { ...descriptor, fd: 6, state: 'listening' as const, remote: null, broker: 'D-Bus' }],
    closed: [{ ...descriptor, fd: 7, kind: 'io-uring' as const, state: null, local: null, remote: null }],
    accepted: [residual],
    limits: [{ id: 'unix-peers' as const, description: 'Peers act on request.' }],
    sideEffects: [{ id: 'io-uring' as const, description: 'It answers ENOSYS.' }],
  });
  expect(run(['-v', 'cat'], { disableNetwork }).errors).toBe(
    `disablenetwork: the network is off: provider landlock (no_new_privs, seccomp), Unix sockets pathname
  kept         fd 5        tcp 127.0.0.1:4000 -> 127.0.0.1:5432 connected
  kept         fd 6        tcp 127.0.0.1:4000 listening, D-Bus
  closed       fd 7        io-uring socket:[1234]
  accepted     udp-socket  fd 3 0.0.0.0:53 (sendmsg() to any address)
  left open    unix-peers  Peers act on request.
  side effect  io-uring    It answers ENOSYS.
disablenetwork: 'cat': command not found
`,
  );
});

it('says so when the network was off before', () => {
  const disableNetwork = () => ({ ...receipt, alreadyDisabled: true });
  expect(run(['-v', 'cat'], { disableNetwork }).errors).toContain('disablenetwork: the network was off already: ');
});

it('lists residuals and the options that let them pass, and starts nothing', () => {
  const mapped = { ...residual, id: 'io-uring' as const, descriptor: null, closable: false, ways: ['a', 'b'] };
  const refuse = (residuals: (typeof residual)[]) => () => {
    throw new DisableNetworkError('ERR_DISABLENETWORK_RESIDUALS', 'no', { residuals });
  };
  const closable = run(['cat'], { disableNetwork: refuse([residual, residual]) });
  expect(closable.exitCode).toBe(125);
  expect(closable.calls).toEqual([]);
  expect(closable.errors).toBe(
    `disablenetwork: the network was not disabled and the command was not started, for inherited descriptors would leave a way out:
  udp-socket  fd 3 0.0.0.0:53 (sendmsg() to any address)
  udp-socket  fd 3 0.0.0.0:53 (sendmsg() to any address)
disablenetwork: close them with '--residuals close', or accept them with '--residuals udp-socket'
`,
  );
  expect(run(['cat'], { disableNetwork: refuse([residual, mapped]) }).errors).toBe(
    `disablenetwork: the network was not disabled and the command was not started, for inherited descriptors would leave a way out:
  udp-socket  fd 3 0.0.0.0:53 (sendmsg() to any address)
  io-uring    (a; b)
disablenetwork: accept them with '--residuals udp-socket,io-uring'
`,
  );
});

it('starts nothing when the drop fails', () => {
  const disableNetwork = () => {
    throw new DisableNetworkError('ERR_DISABLENETWORK_PARTIAL', 'End the process.', { residuals: [residual] });
  };
  const { exitCode, errors, calls } = run(['cat'], { disableNetwork });
  expect([exitCode, calls]).toEqual([125, []]);
  expect(errors).toBe('disablenetwork: End the process. (ERR_DISABLENETWORK_PARTIAL)\n');
});
