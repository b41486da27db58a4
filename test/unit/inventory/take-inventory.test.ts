// SPDX-License-Identifier: MIT
import { takeInventory } from '../../../lib/inventory';
import type { NativeBinding, RawDescriptor } from '../../../lib/native/binding';
import { errorOf, rawDescriptor, rawSocket } from './samples';

function bindingWith(
  descriptors: RawDescriptor[] | number,
  mapped: string[] | number = [],
  mappedOnlyRings = 0,
): NativeBinding {
  const parts: Partial<NativeBinding> = {
    listDescriptors: () => descriptors,
    listMappedLinks: () => mapped,
    inspectEventLoop: () => ({ handles: [], polled: [] }),
    countMappedOnlyRings: () => mappedOnlyRings,
  };
  return parts as NativeBinding;
}

it('describes a connection', () => {
  const raw = rawSocket({ connected: true, local: '127.0.0.1:1', remote: '127.0.0.1:2', networkNamespace: 40 });
  expect(takeInventory(bindingWith([raw]))).toEqual([
    {
      fd: 9,
      kind: 'tcp',
      link: 'socket:[77]',
      family: 'AF_INET',
      type: 'SOCK_STREAM',
      protocol: 6,
      state: 'connected',
      local: '127.0.0.1:1',
      remote: '127.0.0.1:2',
      networkNamespace: 40,
      broker: null,
      owner: null,
      closable: true,
    },
  ]);
});

it.each([
  ['listening', { listening: true, connected: false }],
  ['connected', { listening: false, connected: true }],
  ['unconnected', { listening: false, connected: false }],
])('tells that a socket is %s', (state, changes) => {
  expect(takeInventory(bindingWith([rawSocket(changes)]))[0]?.state).toBe(state);
});

it('takes a Unix socket with a nameless peer for connected, and names a broker', () => {
  const [nameless, bus] = takeInventory(
    bindingWith([
      rawSocket({ family: 1, protocol: 0, connected: true }),
      rawSocket({ family: 1, protocol: 0, connected: true, remote: '/run/dbus/system_bus_socket' }),
    ]),
  );
  expect(nameless).toMatchObject({ kind: 'unix', state: 'connected', remote: null, broker: null });
  expect(bus).toMatchObject({ kind: 'unix', broker: 'D-Bus system bus' });
});

it('shows numbers for what has no name yet', () => {
  expect(takeInventory(bindingWith([rawSocket({ family: 99, type: 77 })]))[0]).toMatchObject({
    kind: 'other-socket',
    family: 'AF_99',
    type: 'SOCK_77',
  });
});

it('lists a socket that the kernel says nothing about', () => {
  const raw = rawSocket({ family: 0, type: 0, protocol: 0 });
  expect(takeInventory(bindingWith([raw]))[0]).toMatchObject({ kind: 'other-socket', family: null, state: null });
});

it('leaves out what is no network', () => {
  const files = [rawDescriptor(), rawDescriptor({ link: 'pipe:[4]' }), rawDescriptor({ link: 'anon_inode:[eventfd]' })];
  expect(takeInventory(bindingWith(files))).toEqual([]);
});

describe('a memory mapping', () => {
  const ring = rawDescriptor({ fd: 12, link: 'anon_inode:[io_uring]' });

  it('keeps a ring from being closed', () => {
    expect(takeInventory(bindingWith([ring]))).toMatchObject([{ fd: 12, kind: 'io-uring', closable: true }]);
    expect(takeInventory(bindingWith([ring], ['anon_inode:[io_uring]']))).toMatchObject([
      { fd: 12, kind: 'io-uring', closable: false },
    ]);
  });

  it('keeps a packet socket from being closed, and no other one', () => {
    const packet = rawSocket({ family: 17, type: 3 });
    expect(takeInventory(bindingWith([packet], ['socket:[77]']))).toMatchObject([{ kind: 'packet', closable: false }]);
    expect(takeInventory(bindingWith([packet], ['socket:[7]']))).toMatchObject([
      { kind: 'packet', closable: true },
      { fd: -1, kind: 'other-socket', link: 'socket:[7]', closable: false },
    ]);
  });

  it('is listed by itself when the descriptor is gone', () => {
    const mapped = ['anon_inode:[io_uring]', '/dev/vhost-vdpa-0', '/dev/zero', '/dev/shm/x', 'anon_inode:[perf_event]'];
    expect(takeInventory(bindingWith([], mapped))).toMatchObject([
      { fd: -1, kind: 'io-uring', closable: false },
      { fd: -1, kind: 'network-device', closable: false },
    ]);
  });
});

it.each([
  ['descriptors', bindingWith(-2)],
  ['mappings', bindingWith([], -13)],
])('throws when the kernel does not show the %s', (_, binding) => {
  const { code, message } = errorOf(() => takeInventory(binding));
  expect(code).toBe('ERR_DISABLENETWORK_KERNEL');
  expect(message).toContain('/proc');
});

it('finds a ring that is only mapped beside one that is open', () => {
  const link = 'anon_inode:[io_uring]';
  const open = rawDescriptor({ fd: 5, link });
  const fds = (rings: number) => takeInventory(bindingWith([open], [link], rings)).map(({ fd }) => fd);
  expect(fds(0)).toEqual([5]);
  expect(fds(1)).toEqual([5, -1]);
});
