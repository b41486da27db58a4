// SPDX-License-Identifier: MIT
// A03, A05: what a TCP connection can be turned into, and what can be made to listen.
import { row, type Act, type Prepare, type Row } from '../row';
import { listenWithOneWaiting, unbound } from '../sockets';

const connect: Prepare<number, null> = ({ attack, inetAddress, AF_INET, SOCK_STREAM }, { tcp }) => {
  const fd = attack.call('socket', AF_INET, SOCK_STREAM, 0);
  attack.connect(fd, inetAddress(tcp));
  return fd;
};
const connect6: Prepare<number, null> = ({ attack, inetAddress, AF_INET6, SOCK_STREAM }, { tcp }) => {
  const fd = attack.call('socket', AF_INET6, SOCK_STREAM, 0);
  attack.connect(fd, inetAddress(tcp, '::1'));
  return fd;
};
const unbound6: Prepare<number, null> = ({ attack, AF_INET6, SOCK_STREAM }) =>
  attack.call('socket', AF_INET6, SOCK_STREAM, 0);

const reconnect: Act<number, null> = ({ attack, inetAddress }, { tcp, text }, fd) => {
  attack.connect(fd, Buffer.alloc(16));
  const connected = attack.connect(fd, inetAddress(tcp));
  // Where it could not even be dissolved it is connected still, and what is sent arrives.
  return connected === 'ok' ? attack.sendto(fd, text, 0) : connected;
};
const listen: Act<number, null> = ({ attack }, _situation, fd) => attack.try('listen', fd, 1);
const dissolveAndListen: Act<number, null> = ({ attack }, _situation, fd) => {
  attack.connect(fd, Buffer.alloc(16));
  return attack.try('listen', fd, 1);
};
const dissolveAndBind: Act<number, null> = ({ attack, inetAddress }, _situation, fd) => {
  attack.connect(fd, Buffer.alloc(16));
  return attack.bind(fd, inetAddress(0));
};
const send: Act<number, null> = ({ attack }, { text }, fd) => attack.sendto(fd, text, 0);

const connected = { unixSockets: 'connected' } as const;

const reaimed: Row[] = [
  row<number, null>({
    id: 'A03.tcp-reconnect',
    title: 'a connected TCP socket, dissolved by connect(AF_UNSPEC) and connected once more',
    wire: true,
    prepare: connect,
    act: reconnect,
  }),
  row<number, null>({
    id: 'A03.tcp6-reconnect',
    title: 'a connected TCP socket of IPv6, dissolved and connected once more',
    wire: true,
    prepare: connect6,
    act: ({ attack, inetAddress }, { tcp, text }, fd) => {
      attack.connect(fd, Buffer.alloc(16));
      const again = attack.connect(fd, inetAddress(tcp, '::1'));
      return again === 'ok' ? attack.sendto(fd, text, 0) : again;
    },
  }),
  row<number, null>({
    id: 'A03.tcp-rebind',
    title: 'a connected TCP socket, dissolved and bound',
    prepare: connect,
    act: dissolveAndBind,
  }),
  row<number, null>({
    id: 'A03.accepted-reconnect',
    title: 'a connection that was accepted before, dissolved and connected elsewhere',
    wire: true,
    prepare: ({ attack, inetAddress, AF_INET, SOCK_STREAM }) => {
      const listener = attack.call('socket', AF_INET, SOCK_STREAM, 0);
      attack.bind(listener, inetAddress(0));
      attack.call('listen', listener, 1);
      const address = Buffer.alloc(16);
      attack.call('getsockname', listener, address, attack.int(16));
      const client = attack.call('socket', AF_INET, SOCK_STREAM, 0);
      attack.connect(client, address);
      const accepted = attack.call('accept', listener, null, null);
      for (const fd of [listener, client]) attack.call('close', fd);
      return accepted;
    },
    act: reconnect,
  }),
  row<number, null>({
    id: 'A03.tcp-kept',
    title: 'a TCP connection goes on sending',
    wire: true,
    kept: true,
    prepare: connect,
    act: send,
  }),
  row<number, null>({
    id: 'A03.tcp-kept-after-dissolving',
    title: 'a TCP connection that connect(AF_UNSPEC) may not dissolve is still the one that it was',
    kept: true,
    prepare: connect,
    act: ({ attack }, { text }, fd) => {
      // Where it may, that is the end of the connection, with the drop or without.
      const dissolved = attack.connect(fd, Buffer.alloc(16));
      return dissolved === 'ok' ? 'ok' : attack.sendto(fd, text, 0);
    },
  }),
];

const connectedOnly: Row[] = [
  row<number, null>({
    id: 'A03.connected-reconnect',
    title: "under unixSockets 'connected': a connected TCP socket, dissolved and connected once more",
    options: connected,
    wire: true,
    prepare: connect,
    act: reconnect,
  }),
  row<number, null>({
    id: 'A03.connected-dissolve',
    title: "under unixSockets 'connected': connect(AF_UNSPEC) on a connected TCP socket",
    options: connected,
    prepare: connect,
    act: ({ attack }, _situation, fd) => attack.connect(fd, Buffer.alloc(16)),
  }),
  row<number, null>({
    id: 'A03.connected-bind',
    title: "under unixSockets 'connected': a connected TCP socket, dissolved and bound",
    options: connected,
    prepare: connect,
    act: dissolveAndBind,
  }),
  row<number, null>({
    id: 'A03.connected-listen',
    title: "under unixSockets 'connected': a connected TCP socket, dissolved and made to listen",
    options: connected,
    prepare: connect,
    act: dissolveAndListen,
  }),
  row<number, null>({
    id: 'A03.connected-kept',
    title: "under unixSockets 'connected': a TCP connection goes on sending",
    options: connected,
    wire: true,
    kept: true,
    prepare: connect,
    act: send,
  }),
];

const listening: Row[] = [
  row<number, null>({
    id: 'A05.tcp-unbound',
    title: 'listen() on an unbound TCP socket, which gets a port from the kernel',
    prepare: unbound,
    act: listen,
  }),
  row<number, null>({
    id: 'A05.tcp6-unbound',
    title: 'listen() on an unbound TCP socket of IPv6',
    prepare: unbound6,
    act: listen,
  }),
  row<number, null>({
    id: 'A05.tcp-bound',
    title: 'listen() on a TCP socket that was bound before',
    prepare: ({ attack, inetAddress, AF_INET, SOCK_STREAM }) => {
      const fd = attack.call('socket', AF_INET, SOCK_STREAM, 0);
      attack.bind(fd, inetAddress(0));
      return fd;
    },
    act: listen,
  }),
  row<number, null>({
    id: 'A05.tcp-dissolved',
    title: 'listen() on a connected TCP socket that is dissolved',
    prepare: connect,
    act: dissolveAndListen,
  }),
  row<number, null>({
    id: 'A05.tcp-high-half',
    title: 'listen() with the upper half of the descriptor set, which the kernel ignores',
    prepare: unbound,
    act: ({ attack }, _situation, fd) => attack.try('listen', (1n << 32n) | BigInt(fd), 1),
  }),
  row<number, null>({
    id: 'A05.accepted-listen',
    title: 'listen() on a connection that is accepted after the drop, and dissolved',
    prepare: listenWithOneWaiting,
    act: ({ attack }, _situation, listener) => {
      const fd = attack.call('accept', listener, null, null);
      attack.connect(fd, Buffer.alloc(16));
      return attack.try('listen', fd, 1);
    },
  }),
  row<number, null>({
    id: 'A05.in-flight-listen',
    title: 'listen() on a TCP socket that waits, open nowhere else, in a Unix socket of the process itself',
    limit: 'received-descriptors',
    prepare: ({ attack, AF_INET, AF_UNIX, SOCK_STREAM }) => {
      const pair = Buffer.alloc(8);
      attack.call('socketpair', AF_UNIX, SOCK_STREAM, 0, pair);
      const fd = attack.call('socket', AF_INET, SOCK_STREAM, 0);
      attack.sendmsg(pair.readInt32LE(0), 'x', { control: attack.controlMessage(1, 1, attack.int(fd)) });
      attack.call('close', fd);
      return pair.readInt32LE(4);
    },
    act: ({ attack }, _situation, receiver) => attack.try('listen', attack.receive(receiver, 1)[0] ?? -1, 1),
  }),
  row<number, null>({
    id: 'A12.accepted-reconnect',
    title: 'a connection that is accepted after the drop, dissolved and connected elsewhere',
    wire: true,
    prepare: listenWithOneWaiting,
    act: ({ attack, inetAddress }, { tcp, text }, listener) => {
      const fd = attack.call('accept', listener, null, null);
      attack.connect(fd, Buffer.alloc(16));
      const again = attack.connect(fd, inetAddress(tcp));
      return again === 'ok' ? attack.sendto(fd, text, 0) : again;
    },
  }),
];

export const tcpConnectedRows: Row[] = [...reaimed, ...connectedOnly, ...listening];
