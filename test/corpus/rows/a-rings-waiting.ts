// SPDX-License-Identifier: MIT
// A14: requests that wait in a ring while the drop is made, and sockets that only a ring knows.
import type { Ring } from '../../support/ring';
import { row, type Row } from '../row';

interface Form {
  title: string;
  /** Of io_uring_setup(). */
  flags: number;
  /** Whether another thread than the main one makes the ring, and is the only one to know its index. */
  elsewhere: boolean;
  /** What waits for the pipe: a new socket, or the connection of one that is there. */
  request: 'socket' | 'connect';
}

const registeredOnly = (1 << 14) | (1 << 15);
const forms: Record<string, Form> = {
  waiting: { title: 'in an open ring', flags: 0, elsewhere: false, request: 'socket' },
  'waiting-connect': {
    title: 'in an open ring, of a TCP socket',
    flags: 0,
    elsewhere: false,
    request: 'connect',
  },
  'waiting-hidden': {
    title: 'in a ring of the main thread without a descriptor and a mapping',
    flags: registeredOnly,
    elsewhere: false,
    request: 'socket',
  },
  'waiting-hidden-elsewhere': {
    title: 'in a ring of another thread without a descriptor and a mapping',
    flags: registeredOnly,
    elsewhere: true,
    request: 'socket',
  },
};

interface Waiting {
  ring: Ring | null;
  writer: number;
  /** What the kernel reads from and writes to. */
  memory: Buffer[];
  /** A way into the kernel, for the work that waits there for the thread. */
  enterKernel: () => unknown;
}

const waiting = Object.entries(forms).map(([name, input]) =>
  row<Waiting, Form>({
    id: `A14.${name}`,
    title: `a ${input.request} request that waits ${input.title}, made before`,
    input,
    apart: true,
    // Linux 6.6 brought rings without a descriptor.
    ...(name.includes('hidden') ? { absent: ['EINVAL'] } : {}),
    prepare: (toolbox, { tcp, input: { flags, elsewhere, request } }) => {
      const { attack, syscalls, Ring, openPipe, ringRequest, ringLink, socketRequest, inetAddress } = toolbox;
      const thread = new syscalls.NativeThread();
      const maker = elsewhere ? { ...syscalls, syscall: thread.syscall.bind(thread) } : syscalls;
      const [reader, writer] = openPipe(syscalls);
      const [buffer, address] = [Buffer.alloc(1), inetAddress(tcp)];
      const enterKernel = (): unknown => thread.syscall(attack.number.getpid);
      let ring: Ring;
      try {
        ring = new Ring(maker, flags);
      } catch {
        return { ring: null, writer, memory: [], enterKernel };
      }
      const fd = request === 'connect' ? attack.call('socket', 2, 1, 0) : -1;
      const connection = { operation: ringRequest.connect, fd, address: attack.addressOf(address), offset: 16 };
      const next = request === 'connect' ? connection : socketRequest(2, 2);
      const read = { operation: ringRequest.read, flags: ringLink, fd: reader, offset: (1n << 64n) - 1n, length: 1 };
      ring.queue({ ...read, address: attack.addressOf(buffer) }, { ...next, userData: 1000 });
      ring.enter(2);
      return { ring, writer, memory: [buffer, address], enterKernel };
    },
    act: async ({ attack, fs, ringAnswer, timers }, _, { ring, writer, enterKernel }) => {
      if (ring === null) return 'EINVAL';
      fs.writeSync(writer, 'x');
      for (let look = 0; look < 1000; look += 1) {
        enterKernel();
        const result = await ringAnswer(ring, 1000, 2);
        if (result !== -110) return attack.outcome(result);
        await timers.setTimeout(1);
      }
      return 'ETIMEDOUT';
    },
  }),
);

interface Hidden {
  title: string;
  how: 'table' | 'direct' | 'message';
}

const tables: Record<string, Hidden> = {
  'socket-in-table': { title: 'whose descriptor is closed, in the table of a ring', how: 'table' },
  'socket-direct': { title: 'that never had a descriptor, in the table of a ring', how: 'direct' },
  'socket-by-message': { title: 'that another process sends from ring to ring, after the drop', how: 'message' },
};

const sockets = Object.entries(tables).map(([name, { title, how: input }]) =>
  row<{ ring: Ring; receive: () => Promise<number> }, Hidden['how']>({
    id: `A14.${name}`,
    title: `a UDP socket ${title}, made before`,
    input,
    wire: true,
    apart: true,
    prepare: async (toolbox, { input: how }) => {
      const { attack, syscalls, Ring, ask, ringRequest, socketRequest } = toolbox;
      const ring = new Ring(syscalls);
      const receive = (): Promise<number> => Promise.resolve(0);
      const fd = how === 'table' ? attack.call('socket', 2, 2, 0) : -1;
      ring.register(2, attack.int(fd), 1);
      if (fd >= 0) attack.call('close', fd);
      if (how === 'direct') await ask(ring, { ...socketRequest(2, 2), lengthOrIndex: 1 });
      if (how !== 'message') return { ring, receive };
      // A process of its own, which shares the memory: it has a copy of the table of descriptors.
      const sharer = new syscalls.SharingProcess(0x100);
      const theirs = { ...syscalls, syscall: sharer.syscall.bind(sharer) };
      const other = new Ring(theirs);
      const socket = sharer.syscall(attack.number.socket, 2, 2, 0);
      other.register(2, attack.int(socket), 1);
      // IORING_MSG_SEND_FD: from the first place of the table there to the first one here.
      const message = { operation: ringRequest.messageRing, fd: ring.fd, address: 1n, lengthOrIndex: 1 };
      return { ring, receive: () => ask(other, message) };
    },
    act: async (toolbox, { udp, text }, { ring, receive }) => {
      const { attack, ask, ringRequest, ringFixedFile, inetAddress, messageHeader } = toolbox;
      const sent = await receive();
      if (sent < 0) return attack.outcome(sent);
      ring.reap();
      const [data, address] = [Buffer.from(text), inetAddress(udp)];
      const message = messageHeader(attack.addressOf, data, address);
      const request = { operation: ringRequest.sendmsg, flags: ringFixedFile, fd: 0, length: 1 };
      return attack.outcome(await ask(ring, { ...request, address: attack.addressOf(message) }));
    },
  }),
);

export const ringWaitingRows: Row[] = [
  ...waiting,
  ...sockets,
  // Completions from another ring make up for the ones that are missing, so that nothing seems to be under
  // way in a ring that is like an event loop's.
  row<{ ring: Ring; time: Buffer; due: number }, null>({
    id: 'A14.waiting-idle',
    title: 'a socket request that waits in a ring that looks as idle as that of an event loop, made before',
    apart: true,
    prepare: (
      { attack, syscalls, Ring, eventLoopRing, ringRequest, ringLink, socketRequest, AF_INET, SOCK_DGRAM },
      { timeFactor },
    ) => {
      const [time, milliseconds] = [Buffer.alloc(16), 500 * timeFactor];
      time.writeBigInt64LE(BigInt(Math.floor(milliseconds / 1000)), 0);
      time.writeBigInt64LE(BigInt(milliseconds % 1000) * 1_000_000n, 8);
      const ring = new Ring(syscalls, 0, eventLoopRing);
      const other = new Ring(syscalls);
      const etimeIsSuccess = 1 << 5;
      const timeout = { operation: ringRequest.timeout, flags: ringLink, address: attack.addressOf(time), length: 1 };
      const socket = { ...socketRequest(AF_INET, SOCK_DGRAM), userData: 1000 };
      ring.queue({ ...timeout, operationFlags: etimeIsSuccess }, socket);
      const message = { operation: ringRequest.messageRing, fd: ring.fd, length: 1, offset: 1 };
      other.queue(message, message);
      const armed = ring.enter(2) + other.enter(2, 2);
      const due = Date.now() + milliseconds;
      if (armed !== 4) throw new Error(`${String(armed)} of 4 requests are on their way`);
      attack.call('close', other.fd);
      other.unmap();
      return { ring, time, due };
    },
    act: async ({ attack, ringAnswer }, { timeFactor }, { ring, due }) => {
      // It would have been made before the drop, which says nothing.
      if (Date.now() >= due) return 'the drop came too late';
      // It is gone with its ring, and then nothing is answered.
      return attack.outcome(await ringAnswer(ring, 1000, 1000 * timeFactor));
    },
  }),
];
