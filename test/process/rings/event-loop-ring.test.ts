// SPDX-License-Identifier: MIT
// Since 22 Node has an io_uring in every event loop. The drop exchanges such a ring for one that the
// kernel restricts to epoll_ctl; here with a ring of that kind made by hand, whatever Node runs this.
import type { DisableNetworkOptions } from '../../../lib/types';
import { runInChild } from '../../support/child';
import { byProvider } from '../support/provider';

jest.setTimeout(120_000);

const EACCES = -13;

/** The kernel patch leaves to filters, which no ring passes, only what 'connected' adds. */
const narrow = byProvider<DisableNetworkOptions>({ lsm: { unixSockets: 'connected' }, landlock: {} });

it('can do nothing but epoll_ctl afterwards, and goes on where it was', async () => {
  const result = await runInChild(
    ({ library, attack, syscalls, Ring, eventLoopRing, ringRequest, socketRequest, fs }, options) => {
      const ring = new Ring(syscalls, 0, eventLoopRing);
      const one = (request: Parameters<typeof ring.queue>[0]): number => {
        ring.queue(request);
        ring.enter(1, 1);
        return ring.reap()[0]?.result ?? NaN;
      };
      const pipe = Buffer.alloc(8);
      attack.call('pipe2', pipe, 0);
      const [reader, writer] = [pipe.readInt32LE(0), pipe.readInt32LE(4)];
      const epoll = attack.call('epoll_create1', 0);
      const event = Buffer.alloc(12);
      event.writeUInt32LE(1); // EPOLLIN
      event.writeUInt32LE(77, 4);
      const watch = (operation: number) => ({
        operation: ringRequest.epollControl,
        fd: epoll,
        offset: reader,
        address: syscalls.addressOf(event),
        length: operation,
      });
      const others = Object.values(ringRequest).filter((operation) => operation !== ringRequest.epollControl);

      const control = one(socketRequest(2, 1));
      attack.call('close', control);
      // More than the ring has places, so that its counters have gone round.
      for (let round = 0; round < 700; round += 1) one({ operation: ringRequest.nothing });
      ring.queue(watch(1)); // Waits in the ring while it is exchanged.
      const receipt = library.disableNetwork(options);
      const submitted = ring.enter(1, 1);
      const added = ring.reap()[0]?.result;
      fs.writeSync(writer, 'x');
      const events = Buffer.alloc(12);
      const ready = attack.call('epoll_pwait', epoll, events, 1, 1000, null, 8);
      return {
        control,
        residuals: receipt.accepted.length,
        mechanisms: receipt.mechanisms,
        pending: [submitted, added, ready, events.readUInt32LE(4)],
        removed: one(watch(2)),
        socket: one(socketRequest(2, 1)),
        unix: one(socketRequest(1, 1)),
        others: [...new Set(others.map((operation) => one({ operation })))],
        flags: one({ ...watch(1), flags: 1 << 2 }),
        register: ring.register(9, null, 0),
        again: library.disableNetwork(options).alreadyDisabled,
      };
    },
    narrow,
  );
  expect(result.control).toBeGreaterThan(0);
  expect(result.mechanisms).toContain('io_uring restrictions');
  expect(result.pending).toEqual([1, 0, 1, 77]);
  expect(result).toMatchObject({
    residuals: 0,
    removed: 0,
    socket: EACCES,
    unix: EACCES,
    others: [EACCES],
    flags: EACCES,
  });
  expect(result.register).toBe(-38); // ENOSYS, from the filter.
  expect(result.again).toBe(true);
});

it('is exchanged under every descriptor that leads to it', async () => {
  const result = await runInChild(({ library, attack, syscalls, Ring, eventLoopRing, socketRequest }, options) => {
    const ring = new Ring(syscalls, 0, eventLoopRing);
    const twin = attack.call('dup', ring.fd);
    const one = (fd: number): number => {
      ring.queue(socketRequest(2, 1));
      attack.call('io_uring_enter', fd, 1, 1, 1, null, 0);
      return ring.reap()[0]?.result ?? NaN;
    };
    const before = [one(ring.fd), one(twin)].map((fd) => attack.call('close', fd));
    library.disableNetwork(options);
    return { before, after: [one(ring.fd), one(twin)] };
  }, narrow);
  expect(result).toEqual({ before: [0, 0], after: [EACCES, EACCES] });
});

it('is exchanged where free memory lies above its mapping that others may be given', async () => {
  const result = await runInChild(({ library, attack, syscalls, Ring, eventLoopRing, ringRequest }, options) => {
    const anonymous = (size: number): number => attack.call('mmap', 0, size, 0, 0x22, -1, 0);
    // All small holes are taken, so that the ring comes to lie right below what is free then.
    for (let count = 0; count < 20_000; count += 1) attack.call('mmap', 0, 4096, count % 2, 0x22, -1, 0);
    const above = anonymous(0x101000);
    const ring = new Ring(syscalls, 0, eventLoopRing);
    syscalls.syscall(process.arch === 'arm64' ? 215 : 11, above, 0x101000); // munmap
    const receipt = library.disableNetwork(options);
    ring.queue({ operation: ringRequest.epollControl, fd: -1, length: 2 });
    return { mechanisms: receipt.mechanisms, entered: ring.enter(1, 1), answer: ring.reap()[0]?.result };
  }, narrow);
  expect(result.mechanisms).toContain('io_uring restrictions');
  expect(result).toMatchObject({ entered: 1, answer: -9 }); // EBADF: epoll_ctl was tried.
});

it.each([
  'a buffer is registered',
  'files are registered',
  'a request waits',
  'it is mapped twice',
  'a million requests have passed',
])('is a residual when %s', async (state) => {
  const result = await runInChild(
    ({ library, attack, syscalls, Ring, eventLoopRing, ringRequest }, { prepared: kind, options }) => {
      const ring = new Ring(syscalls, 0, eventLoopRing);
      const pipe = Buffer.alloc(8);
      attack.call('pipe2', pipe, 0);
      const memory = Buffer.alloc(4096);
      const vector = Buffer.alloc(16);
      vector.writeBigUInt64LE(syscalls.addressOf(memory));
      vector.writeBigUInt64LE(4096n, 8);
      const prepare: Record<string, () => number> = {
        'a buffer is registered': () => ring.register(0, vector, 1),
        'files are registered': () => ring.register(2, pipe, 2),
        'a request waits': () => {
          ring.queue({ operation: ringRequest.pollAdd, fd: pipe.readInt32LE(0), length: 0 });
          return ring.enter(1) - 1;
        },
        'a million requests have passed': () => {
          const requests = Array.from({ length: 256 }, () => ({ operation: ringRequest.nothing }));
          for (let passed = 0; passed <= 1 << 20; passed += 256) {
            ring.queue(...requests);
            ring.enter(256, 256);
            ring.reap();
          }
          return 0;
        },
        'it is mapped twice': () => Math.min(attack.call('mmap', 0, 12288, 3, 1, ring.fd, 0), 0),
      };
      const prepared = prepare[kind]?.();
      try {
        library.disableNetwork(options);
        return { prepared, code: 'none', residuals: [], disabled: true, fd: ring.fd };
      } catch (error) {
        const { code, residuals } = error as InstanceType<typeof library.DisableNetworkError>;
        const named = residuals.map(({ id, descriptor }) => [id, descriptor?.fd]);
        return { prepared, code, residuals: named, disabled: library.isNetworkDisabled(), fd: ring.fd };
      }
    },
    { prepared: state, options: narrow },
  );
  expect(result).toMatchObject({ prepared: 0, code: 'ERR_DISABLENETWORK_RESIDUALS', disabled: false });
  expect(result.residuals).toEqual([['io-uring', result.fd]]);
});
