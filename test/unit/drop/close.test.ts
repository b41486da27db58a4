// SPDX-License-Identifier: MIT
import { addressFamily, errno, socketType } from '../../../lib/native/constants';
import { Deadline } from '../../../lib/deadline';
import { closeAndLookAgain } from '../../../lib/drop/close';
import type { DisableNetworkError } from '../../../lib/errors';
import { takeInventory } from '../../../lib/inventory';
import type { RawDescriptor } from '../../../lib/native/binding';
import { resolveOptions } from '../../../lib/options/resolve';
import type { Confinement } from '../../../lib/residuals/descriptor';
import type { DisableNetworkOptions } from '../../../lib/types';
import { fakeBinding, socket, tcpSocket } from '../fake-binding';

const confinement: Confinement = {
  provider: 'landlock',
  landlockAbi: 7,
  unixSockets: 'connected',
  listenDenied: true,
  restrictedRings: [],
  alreadyInForce: true,
};

/** What is open before the first descriptor is killed, and from then on; a number for an error of the kernel. */
function close(before: RawDescriptor[], after: RawDescriptor[] | number, options: DisableNetworkOptions) {
  const { binding, changes } = fakeBinding();
  const hasKilled = () => changes.some((change) => change.startsWith('kill'));
  binding.listDescriptors = () => (hasKilled() ? after : before);
  const planned = takeInventory(binding);
  const resolved = resolveOptions(options);
  return { run: () => closeAndLookAgain(binding, planned, resolved, confinement, new Deadline()), changes };
}

function failureOf(run: () => unknown): DisableNetworkError {
  try {
    run();
  } catch (error) {
    return error as DisableNetworkError;
  }
  throw new Error('It went through');
}

const unix = (fd: number, type: number, local: string | null = null) =>
  socket(fd, addressFamily.unix, type, 0, { local });

it('takes a nameless stream under the number of what it has closed for the placeholder', () => {
  const { run } = close([tcpSocket(21)], [unix(21, socketType.stream)], { residuals: 'close' });
  expect(run()).toMatchObject({ closed: [{ fd: 21 }], open: [] });
});

it.each([
  ['a datagram socket', unix(21, socketType.datagram)],
  ['a stream with a name', unix(21, socketType.stream, '/run/service.sock')],
])('takes nothing else for it: %s', (_, other) => {
  const strict = close([tcpSocket(21)], [other], { residuals: 'throw' });
  const isResidual = other.socket?.type === socketType.datagram;
  if (isResidual) {
    expect(failureOf(strict.run)).toMatchObject({
      code: 'ERR_DISABLENETWORK_PARTIAL',
      residuals: [{ id: 'unix-datagram-socket', descriptor: { fd: 21 } }],
    });
  } else {
    expect(strict.run()).toMatchObject({ open: [{ fd: 21, local: '/run/service.sock' }] });
  }
});

it('is PARTIAL when nothing can be read after something was closed, also for a drop of an earlier call', () => {
  const { run, changes } = close([tcpSocket(21)], -errno.EMFILE, { residuals: 'close' });
  const failure = failureOf(run);
  expect(changes).toEqual(['kill 21']);
  expect(failure).toMatchObject({ code: 'ERR_DISABLENETWORK_PARTIAL', errno: -errno.EMFILE });
  expect(failure.message).not.toContain('Nothing was changed');
});

it('closes a listener that has come since the plan, when listeners are to be closed', () => {
  const listener = tcpSocket(30, { listening: true });
  const open = close([tcpSocket(21)], [listener], { listeners: 'close' });
  expect(failureOf(open.run).code).toBe('ERR_DISABLENETWORK_PARTIAL'); // It never goes in this kernel.
  expect(open.changes.slice(0, 2)).toEqual(['kill 21', 'kill 30']);
  const kept = close([tcpSocket(21)], [listener], { listeners: 'keep' });
  expect(kept.run()).toMatchObject({ open: [{ fd: 30, state: 'listening' }] });
});
