// SPDX-License-Identifier: MIT
// Section A of the escape corpus, io_uring: a ring makes sockets without a system call that a filter
// could see, and some rings are hard to find.
import { attackUnder, providers, startOutside, type Outside } from './row';

jest.setTimeout(120_000);

let outside: Outside;
beforeAll(async () => {
  outside = await startOutside();
});
afterAll(() => {
  outside.close();
});

describe.each(providers)('provider %s', (provider) => {
  const isPatched = provider === 'lsm';

  it('A13 a ring made after', async () => {
    const result = await attackUnder(
      provider,
      ({ attack, syscalls, Ring, socketRequest, AF_INET, SOCK_DGRAM }) => {
        const make = (): number => {
          const ring = new Ring(syscalls);
          ring.queue(socketRequest(AF_INET, SOCK_DGRAM));
          ring.enter(1, 1);
          const fd = ring.reap()[0]?.result ?? -1;
          attack.call('close', fd);
          attack.call('close', ring.fd);
          ring.unmap();
          return fd;
        };
        const control = attack.outcome(make());
        const { refused } = attack.drop();
        let made: string;
        try {
          made = attack.outcome(make());
        } catch {
          made = 'no ring';
        }
        return {
          control,
          refused,
          made,
          setup: attack.try('io_uring_setup', 8, Buffer.alloc(120)),
          enter: attack.try('io_uring_enter', -1, 0, 0, 0, null, 0),
          register: attack.try('io_uring_register', -1, 0, null, 0),
        };
      },
      null,
    );
    expect(result).toMatchObject({ control: 'ok', refused: [], made: isPatched ? 'EPERM' : 'no ring' });
    if (isPatched) expect(result.setup).toBe('ok');
    else expect(result).toMatchObject({ setup: 'ENOSYS', enter: 'ENOSYS', register: 'ENOSYS' });
  });

  it.each(['open', 'mapped only', 'mapped only, beside the ring of an event loop'])(
    'A14 a polling ring made before, %s',
    async (state) => {
      const text = `A14 ${state} under ${provider};`;
      const result = await attackUnder(
        provider,
        async (
          {
            attack,
            syscalls,
            Ring,
            eventLoopRing,
            ringFlags,
            ringRequest,
            socketRequest,
            inetAddress,
            AF_INET,
            SOCK_DGRAM,
            timers,
          },
          input,
        ) => {
          if (input.state.includes('event loop')) new Ring(syscalls, 0, eventLoopRing);
          const ring = new Ring(syscalls, ringFlags.sqPoll);
          const personality = ring.registerPersonality();
          const one = async (request: Parameters<typeof ring.queue>[0], wake = false): Promise<number> => {
            ring.queue(request);
            if (wake) ring.wake();
            for (;;) {
              const [done] = ring.reap();
              if (done !== undefined) return done.result;
              await timers.setTimeout(1);
            }
          };
          const control = await one(socketRequest(AF_INET, SOCK_DGRAM), true);
          attack.call('close', control);
          const fd = input.state === 'open' ? ring.fd : -1;
          if (fd < 0) attack.call('close', ring.fd);
          const { refused } = attack.drop();
          const socket = await one(socketRequest(AF_INET, SOCK_DGRAM));
          const address = inetAddress(input.udp);
          const connect = await one({
            operation: ringRequest.connect,
            fd: socket,
            address: syscalls.addressOf(address),
            offset: address.length,
            personality,
          });
          return {
            control: attack.outcome(control),
            named: refused.map(([id, found]) => [id, found === fd || (fd < 0 && (found ?? -1) < 0)]),
            socket: attack.outcome(socket),
            connect: attack.outcome(connect),
            sent: attack.sendto(socket, input.text, 0),
          };
        },
        { state, text, udp: outside.udp },
      );
      if (isPatched) {
        expect(result).toMatchObject({ control: 'ok', named: [], socket: 'EPERM' });
        return;
      }
      expect(result).toEqual({ control: 'ok', named: [['io-uring', true]], socket: 'ok', connect: 'ok', sent: 'ok' });
      await outside.heard(text);
    },
  );

  // Linux 6.6: a ring in memory of the caller's, known to the kernel by an index of the thread. No
  // descriptor, no mapping. Requests that wait go on after the drop without any system call.
  it.each(['main thread', 'another thread'])('A14 a ring without a descriptor, of the %s', async (where) => {
    const text = `A14 registered in ${where} under ${provider};`;
    const result = await attackUnder(
      provider,
      async (
        { attack, syscalls, Ring, ringFlags, ringRequest, ringLink, socketRequest, AF_INET, SOCK_DGRAM, fs, timers },
        input,
      ) => {
        const thread = new syscalls.NativeThread();
        const maker = input.where === 'main thread' ? syscalls : { ...syscalls, syscall: thread.syscall.bind(thread) };
        const flags = ringFlags.noMemoryMap | ringFlags.registeredFdOnly;
        const pipe = (): number[] => {
          const pair = Buffer.alloc(8);
          attack.call('pipe2', pair, 0);
          return [pair.readInt32LE(0), pair.readInt32LE(4)];
        };
        const [reader = -1, writer = -1] = pipe();
        const buffer = Buffer.alloc(1);
        const arm = (ring: InstanceType<typeof Ring>): number => {
          ring.queue(
            {
              operation: ringRequest.read,
              flags: ringLink,
              fd: reader,
              offset: -1n & 0xffffffffffffffffn,
              address: syscalls.addressOf(buffer),
              length: 1,
            },
            socketRequest(AF_INET, SOCK_DGRAM),
          );
          return ring.enter(2);
        };
        const fire = async (ring: InstanceType<typeof Ring>): Promise<number> => {
          fs.writeSync(writer, 'x');
          const deadline = Date.now() + 15_000;
          while (Date.now() < deadline) {
            thread.syscall(39); // A way into the kernel, for the work that waits there for the thread.
            const made = ring.reap().find(({ userData }) => userData === ringRequest.socket);
            if (made !== undefined) return made.result;
            await timers.setTimeout(1);
          }
          return -110;
        };
        const ring = new Ring(maker, flags);
        const armed = arm(ring);
        const control = await fire(ring);
        attack.call('close', control);
        arm(ring);
        const { refused, receipt } = attack.drop();
        const socket = await fire(ring);
        return {
          armed,
          control: attack.outcome(control),
          refused,
          accepted: receipt.accepted.length,
          socket: attack.outcome(socket),
        };
      },
      { where, text, udp: outside.udp },
    );
    expect(result).toMatchObject({
      armed: 2,
      control: 'ok',
      refused: isPatched ? [] : [['io-uring', null]],
      socket: isPatched ? 'EPERM' : 'ok',
    });
  });

  // Completions from another ring make up for the ones that are missing, so that nothing seems to be
  // under way in a ring that is like an event loop's.
  it('A14 a request that waits in a ring that looks idle: gone with the ring', async () => {
    const result = await attackUnder(
      provider,
      async ({
        attack,
        syscalls,
        Ring,
        eventLoopRing,
        ringRequest,
        ringLink,
        socketRequest,
        AF_INET,
        SOCK_DGRAM,
        fs,
        timers,
      }) => {
        const sockets = (): number =>
          fs.readdirSync('/proc/self/fd').filter((fd) => {
            try {
              return fs.readlinkSync(`/proc/self/fd/${fd}`).startsWith('socket:');
            } catch {
              return false;
            }
          }).length;
        const time = Buffer.alloc(16);
        time.writeBigInt64LE(300_000_000n, 8);
        const other = new Ring(syscalls);
        const arm = (ring: InstanceType<typeof Ring>): number => {
          const etimeIsSuccess = 1 << 5;
          ring.queue(
            {
              operation: ringRequest.timeout,
              flags: ringLink,
              address: syscalls.addressOf(time),
              length: 1,
              operationFlags: etimeIsSuccess,
            },
            socketRequest(AF_INET, SOCK_DGRAM),
          );
          const taken = ring.enter(2);
          const message = { operation: ringRequest.messageRing, fd: ring.fd, length: 1, offset: 1 };
          other.queue(message, message);
          return taken + other.enter(2, 2);
        };
        const first = new Ring(syscalls, 0, eventLoopRing);
        const before = sockets();
        const armed = arm(first);
        await timers.setTimeout(500);
        const control = sockets() - before;
        const second = new Ring(syscalls, 0, eventLoopRing);
        arm(second);
        attack.call('close', other.fd);
        other.unmap();
        const { refused } = attack.drop();
        const dropped = sockets();
        await timers.setTimeout(500);
        return { armed, control, refused, after: sockets() - dropped, completions: first.reap().length };
      },
      null,
    );
    expect(result).toMatchObject({ armed: 4, control: 1, after: 0 });
  });
});
