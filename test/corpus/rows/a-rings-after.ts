// SPDX-License-Identifier: MIT
// A13: an io_uring made after the drop. It makes and uses sockets without a system call of theirs.
import type { Request } from '../../support/ring';
import { row, type Act, type Row } from '../row';

interface Sockets {
  stream: number;
  datagram: number;
  /** It listens, and a connection waits in it. */
  listener: number;
}

interface Form {
  title: string;
  /** What the control answers on kernels that have no such operation. */
  absent?: readonly string[];
  limit?: 'accepted-connections';
  wire?: true;
}

const newer = { absent: ['EINVAL'] };
const forms: Record<string, Form> = {
  socket: { title: 'SOCKET' },
  'socket-direct': { title: 'SOCKET into the table of the ring itself, without a descriptor' },
  'socket-async': { title: 'SOCKET by a worker of the kernel' },
  connect: { title: 'CONNECT of a TCP socket made before' },
  bind: { title: 'BIND of a TCP socket made before', ...newer },
  listen: { title: 'LISTEN of a TCP socket made before', ...newer },
  accept: { title: 'ACCEPT of a connection that waits in a listener', limit: 'accepted-connections' },
  send: { title: 'SEND with an address, of a UDP socket made before', wire: true },
  'send-zero-copy': { title: 'SEND_ZC with an address, of a UDP socket made before', wire: true },
  sendmsg: { title: 'SENDMSG with an address, of a UDP socket made before', wire: true },
  'sendmsg-zero-copy': { title: 'SENDMSG_ZC with an address, of a UDP socket made before', wire: true, ...newer },
  'fast-open': { title: 'SENDMSG with MSG_FASTOPEN, of a TCP socket made before' },
  option: { title: 'URING_CMD that sets source routing (IP_OPTIONS)', absent: ['ENOTSUP'] },
};

const act: Act<Sockets, string> = async (toolbox, { input, tcp, udp, text }, { stream, datagram, listener }) => {
  const { attack, syscalls, Ring, ask, ringRequest, ringAsync, socketRequest, inetAddress, messageHeader } = toolbox;
  const ring = new Ring(syscalls);
  const at = (buffer: Uint8Array): bigint => syscalls.addressOf(buffer);
  const data = Buffer.from(text);
  const [server, receiver, any] = [inetAddress(tcp), inetAddress(udp), inetAddress(0)];
  const [opening, message] = [messageHeader(at, data, server), messageHeader(at, data, receiver)];
  const option = Buffer.from([131, 7, 4, 127, 0, 0, 1, 0]); // Loose source routing over 127.0.0.1.
  const socket = socketRequest(2, 2);
  const send = { fd: datagram, address: at(data), length: data.length, offset: at(receiver), lengthOrIndex: 16 };
  const sendmsg = { fd: datagram, address: at(message), length: 1 };
  const requests: Record<string, Request> = {
    socket,
    'socket-direct': { ...socket, lengthOrIndex: 1 },
    'socket-async': { ...socket, flags: ringAsync },
    connect: { operation: ringRequest.connect, fd: stream, address: at(server), offset: server.length },
    bind: { operation: ringRequest.bind, fd: stream, address: at(any), offset: any.length },
    listen: { operation: ringRequest.listen, fd: stream, length: 1 },
    accept: { operation: ringRequest.accept, fd: listener },
    send: { operation: ringRequest.send, ...send },
    'send-zero-copy': { operation: ringRequest.sendZeroCopy, ...send },
    sendmsg: { operation: ringRequest.sendmsg, ...sendmsg },
    'sendmsg-zero-copy': { operation: ringRequest.sendmsgZeroCopy, ...sendmsg },
    'fast-open': {
      ...sendmsg,
      operation: ringRequest.sendmsg,
      fd: stream,
      address: at(opening),
      operationFlags: 1 << 29,
    },
    // SOCKET_URING_OP_SETSOCKOPT; the level is in the lower half, the option in the upper one.
    option: {
      operation: ringRequest.command,
      fd: datagram,
      offset: 3,
      address: 4n << 32n,
      lengthOrIndex: option.length,
      value: at(option),
    },
  };
  // IORING_REGISTER_FILES: one place, empty.
  if (input === 'socket-direct') ring.register(2, Buffer.alloc(4, 0xff), 1);
  const request = requests[input];
  if (request === undefined) return 'no such form';
  const result = await ask(ring, request);
  const underWay = -115; // EINPROGRESS: the first packet of the connection has gone out.
  return result === underWay ? 'ok' : attack.outcome(result);
};

const operations = Object.entries(forms).map(([name, { title, ...more }]) =>
  row<Sockets, string>({
    id: `A13.${name}`,
    title: `${title}, by an io_uring made after`,
    input: name,
    ...more,
    // The ring of the control stays mapped.
    apart: true,
    prepare: ({ attack, inetAddress, AF_INET, SOCK_STREAM, SOCK_DGRAM }, { input }) => {
      const sockets = { stream: -1, datagram: -1, listener: -1 };
      const make = (type: number): number => attack.call('socket', AF_INET, type, 0);
      if (['connect', 'bind', 'listen', 'fast-open'].includes(input)) sockets.stream = make(SOCK_STREAM);
      if (input.startsWith('send') || input === 'option') sockets.datagram = make(SOCK_DGRAM);
      if (input === 'accept') {
        const address = Buffer.alloc(16);
        sockets.listener = make(SOCK_STREAM);
        attack.bind(sockets.listener, inetAddress(0));
        attack.call('listen', sockets.listener, 1);
        attack.call('getsockname', sockets.listener, address, attack.int(16));
        attack.connect(make(SOCK_STREAM), address);
      }
      return sockets;
    },
    act,
  }),
);

/** No ways by themselves: what a filter takes from those who use a ring for files. */
const setups: Record<string, [title: string, flags: number]> = {
  'setup-plain': ['io_uring_setup(), which files need as well', 0],
  'setup-polling': ['io_uring_setup() of a ring that a thread of the kernel polls', 1 << 1],
  'setup-hidden': ['io_uring_setup() of a ring without a descriptor', (1 << 14) | (1 << 15)],
};

const made = Object.entries(setups).map(([name, [title, input]]) =>
  row<null, number>({
    id: `A13.${name}`,
    title,
    input,
    kept: true,
    apart: true,
    // IORING_SETUP_REGISTERED_FD_ONLY came with Linux 6.6.
    ...(name === 'setup-hidden' ? { absent: ['EINVAL'] } : {}),
    act: ({ syscalls, Ring }, { input: flags }) => {
      new Ring(syscalls, flags);
      return 'ok';
    },
  }),
);

const calls = { enter: 'io_uring_enter()', register: 'io_uring_register()' } as const;

const called = Object.entries(calls).map(([name, title]) =>
  row<null, string>({
    id: `A13.${name}`,
    title: `${title} without a ring, which the kernel looks for`,
    input: name,
    kept: true,
    act: ({ attack }, { input }) => {
      const none = 100_000; // -1 asks the kernel for something else.
      const answer =
        input === 'enter'
          ? attack.try('io_uring_enter', none, 1, 0, 0, null, 0)
          : attack.try('io_uring_register', none, 0, null, 0);
      return answer === 'EBADF' ? 'ok' : answer;
    },
  }),
);

export const ringAfterRows: Row[] = [...operations, ...made, ...called];
