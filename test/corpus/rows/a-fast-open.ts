// SPDX-License-Identifier: MIT
// A06, A07: sockets that connect in other ways than connect(): TCP Fast Open and MPTCP.
import { row, type Act, type Prepare, type Row } from '../row';

interface Input {
  family: number;
  protocol: number;
  call: 'sendto' | 'sendmsg' | 'sendmmsg' | 'connect' | 'bind' | 'listen';
}

const tcp = 6;
const mptcp = 262;
/** A kernel without MPTCP, and one that has it switched off. */
const withoutMptcp = { absent: ['EPROTONOSUPPORT', 'ENOPROTOOPT'] };
/** Before Linux 6.2 MPTCP has no Fast Open. */
const withoutMptcpFastOpen = { absent: [...withoutMptcp.absent, 'ENOTSUP'] };
const connectedOnly = { options: { unixSockets: 'connected' } } as const;

const make: Prepare<number, Input> = ({ attack, SOCK_STREAM }, { input: { family, protocol } }) =>
  attack.call('socket', family, SOCK_STREAM, protocol);

/** Set before the drop: the connect() that follows is postponed to the first send. */
const makePostponing: Prepare<number, Input> = ({ attack, SOCK_STREAM }, { input: { family, protocol } }) => {
  const fd = attack.call('socket', family, SOCK_STREAM, protocol);
  attack.setsockopt(fd, 6, 30, attack.int(1));
  return fd;
};

const openFast: Act<number, Input> = ({ attack, inetAddress, MSG_FASTOPEN }, situation, fd) => {
  const { text, input } = situation;
  if (fd < 0) return attack.outcome(fd);
  const address = inetAddress(situation.tcp, input.family === 2 ? '127.0.0.1' : '::1');
  if (input.call === 'sendto') return attack.sendto(fd, text, MSG_FASTOPEN, address);
  if (input.call === 'sendmsg') return attack.sendmsg(fd, text, { address, flags: MSG_FASTOPEN });
  return attack.sendmmsg(fd, text, { address, flags: MSG_FASTOPEN });
};

const use: Act<number, Input> = ({ attack, inetAddress }, situation, fd) => {
  const { text, input } = situation;
  if (fd < 0) return attack.outcome(fd);
  const host = input.family === 2 ? '127.0.0.1' : '::1';
  if (input.call === 'bind') return attack.bind(fd, inetAddress(0, host));
  if (input.call === 'listen') return attack.try('listen', fd, 1);
  const connected = attack.connect(fd, inetAddress(situation.tcp, host));
  return connected === 'ok' ? attack.sendto(fd, text, 0) : connected;
};

const fastOpenForms: Record<string, Input> = {
  sendto: { family: 2, protocol: tcp, call: 'sendto' },
  sendmsg: { family: 2, protocol: tcp, call: 'sendmsg' },
  sendmmsg: { family: 2, protocol: tcp, call: 'sendmmsg' },
  'tcp6-sendto': { family: 10, protocol: tcp, call: 'sendto' },
  'tcp6-sendmsg': { family: 10, protocol: tcp, call: 'sendmsg' },
  'tcp6-sendmmsg': { family: 10, protocol: tcp, call: 'sendmmsg' },
};

const mptcpForms: Record<string, Input> = {
  connect: { family: 2, protocol: mptcp, call: 'connect' },
  bind: { family: 2, protocol: mptcp, call: 'bind' },
  listen: { family: 2, protocol: mptcp, call: 'listen' },
  'ipv6-connect': { family: 10, protocol: mptcp, call: 'connect' },
};

const mptcpFastOpenForms: Record<string, Input> = {
  'fast-open-sendto': { family: 2, protocol: mptcp, call: 'sendto' },
  'fast-open-sendmsg': { family: 2, protocol: mptcp, call: 'sendmsg' },
  'fast-open-sendmmsg': { family: 2, protocol: mptcp, call: 'sendmmsg' },
};

export const fastOpenRows: Row[] = [
  ...Object.entries(fastOpenForms).map(([name, input]) =>
    row<number, Input>({
      id: `A06.${name}`,
      title: `${input.call}() with MSG_FASTOPEN on a TCP socket of IPv${input.family === 2 ? '4' : '6'} made before`,
      input,
      wire: true,
      prepare: make,
      act: openFast,
    }),
  ),
  row<number, Input>({
    id: 'A06.sendto-high-half',
    title: 'sendto() with MSG_FASTOPEN and the upper half of the flags set, which the kernel ignores',
    input: { family: 2, protocol: tcp, call: 'sendto' },
    wire: true,
    prepare: make,
    act: ({ attack, inetAddress, MSG_FASTOPEN }, { tcp: port, text }, fd) => {
      const address = inetAddress(port);
      const flags = (1n << 32n) | BigInt(MSG_FASTOPEN);
      return attack.try('sendto', fd, Buffer.from(text), text.length, flags, address, address.length);
    },
  }),
  row<number, Input>({
    id: 'A06.option-after',
    title: 'TCP_FASTOPEN_CONNECT set after the drop, then connect()',
    input: { family: 2, protocol: tcp, call: 'connect' },
    wire: true,
    prepare: make,
    act: ({ attack, inetAddress }, { tcp: port, text }, fd) => {
      const option = attack.setsockopt(fd, 6, 30, attack.int(1));
      if (option !== 'ok') return option;
      const connected = attack.connect(fd, inetAddress(port));
      return connected === 'ok' ? attack.sendto(fd, text, 0) : connected;
    },
  }),
  row<number, Input>({
    id: 'A06.option-before',
    title: 'TCP_FASTOPEN_CONNECT set before, connect() after the drop',
    input: { family: 2, protocol: tcp, call: 'connect' },
    wire: true,
    prepare: makePostponing,
    act: use,
  }),
  row<number, null>({
    id: 'A06.postponed',
    title: 'a connect() from before that TCP Fast Open has postponed: the first send after the drop makes it',
    wire: true,
    kept: true,
    prepare: ({ attack, inetAddress, AF_INET, SOCK_STREAM }, { tcp: port }) => {
      const fd = attack.call('socket', AF_INET, SOCK_STREAM, 0);
      // TCP_FASTOPEN_NO_COOKIE: without it there is no postponing before a first connection.
      attack.setsockopt(fd, 6, 34, attack.int(1));
      attack.setsockopt(fd, 6, 30, attack.int(1));
      attack.connect(fd, inetAddress(port));
      return fd;
    },
    act: ({ attack }, { text }, fd) => attack.sendto(fd, text, 0),
  }),
];

const mptcpRow = (name: string, input: Input, act: Act<number, Input>, connected: boolean): Row =>
  row<number, Input>({
    id: `A07.${connected ? 'connected-' : ''}${name}`,
    title:
      (connected ? "under unixSockets 'connected': " : '') +
      `${input.call}()${act === openFast ? ' with MSG_FASTOPEN' : ''} on an MPTCP socket of ` +
      `IPv${input.family === 2 ? '4' : '6'} made before`,
    input,
    prepare: make,
    act,
    ...(act === openFast ? withoutMptcpFastOpen : withoutMptcp),
    ...(connected ? connectedOnly : {}),
    ...(input.call === 'bind' || input.call === 'listen' ? {} : { wire: true as const }),
  });

export const mptcpRows: Row[] = [
  ...[false, true].flatMap((connected) => [
    ...Object.entries(mptcpForms).map(([name, input]) => mptcpRow(name, input, use, connected)),
    ...Object.entries(mptcpFastOpenForms).map(([name, input]) => mptcpRow(name, input, openFast, connected)),
  ]),
  row<number, Input>({
    id: 'A07.fast-open-option-before',
    title: 'TCP_FASTOPEN_CONNECT set on an MPTCP socket before, connect() after the drop',
    input: { family: 2, protocol: mptcp, call: 'connect' },
    wire: true,
    prepare: makePostponing,
    act: use,
    ...withoutMptcp,
  }),
  row<number, Input>({
    id: 'A07.reconnect',
    title: 'a connected MPTCP socket, dissolved by connect(AF_UNSPEC) and connected once more',
    input: { family: 2, protocol: mptcp, call: 'connect' },
    wire: true,
    prepare: ({ attack, inetAddress, SOCK_STREAM }, { tcp: port, input: { family, protocol } }) => {
      const fd = attack.call('socket', family, SOCK_STREAM, protocol);
      if (fd >= 0) attack.connect(fd, inetAddress(port));
      return fd;
    },
    act: ({ attack, inetAddress }, { tcp: port, text }, fd) => {
      if (fd < 0) return attack.outcome(fd);
      attack.connect(fd, Buffer.alloc(16));
      const connected = attack.connect(fd, inetAddress(port));
      return connected === 'ok' ? attack.sendto(fd, text, 0) : connected;
    },
    ...withoutMptcp,
  }),
];
