// SPDX-License-Identifier: MIT
// A08: SCTP sockets that were made before. SCTP takes addresses by socket options, too.
import { row, type Act, type Prepare, type Row } from '../row';

interface Input {
  /** SOCK_STREAM is the one-to-one style, SOCK_SEQPACKET the one-to-many style. */
  type: number;
  way: string;
}

interface State {
  fd: number;
  /** Where the process itself listens. */
  peer: Buffer;
}

const make: Prepare<State, Input> = ({ attack, inetAddress, AF_INET, SOCK_STREAM }, { input: { type } }) => {
  const peer = inetAddress(0);
  const server = attack.call('socket', AF_INET, SOCK_STREAM, 132);
  if (server < 0) return { fd: server, peer };
  attack.bind(server, peer);
  attack.call('listen', server, 8);
  attack.call('getsockname', server, peer, attack.int(16));
  return { fd: attack.call('socket', AF_INET, type, 132), peer };
};

const makeAssociated: Prepare<State, Input> = ({ attack, inetAddress, AF_INET, SOCK_STREAM }, { input: { type } }) => {
  const peer = inetAddress(0);
  const server = attack.call('socket', AF_INET, SOCK_STREAM, 132);
  if (server < 0) return { fd: server, peer };
  attack.bind(server, peer);
  attack.call('listen', server, 8);
  attack.call('getsockname', server, peer, attack.int(16));
  const fd = attack.call('socket', AF_INET, type, 132);
  attack.connect(fd, peer);
  return { fd, peer };
};

const use: Act<State, Input> = ({ attack, inetAddress }, { text, input: { way } }, { fd, peer }) => {
  if (fd < 0) return attack.outcome(fd);
  // SCTP_SOCKOPT_BINDX_ADD, SCTP_SOCKOPT_CONNECTX_OLD, SCTP_SOCKOPT_CONNECTX.
  const options: Record<string, number> = { bindx: 100, 'connectx-old': 107, connectx: 110 };
  const option = options[way];
  if (option !== undefined) return attack.setsockopt(fd, 132, option, way === 'bindx' ? inetAddress(0) : peer);
  if (way === 'connectx-by-getsockopt') {
    const addresses = Buffer.alloc(16);
    addresses.writeInt32LE(peer.length, 4);
    addresses.writeBigUInt64LE(attack.addressOf(peer), 8);
    return attack.try('getsockopt', fd, 132, 111, addresses, attack.int(16));
  }
  if (way === 'connect') return attack.connect(fd, peer);
  if (way === 'bind') return attack.bind(fd, inetAddress(0));
  if (way === 'listen') return attack.try('listen', fd, 1);
  if (way === 'sendto') return attack.sendto(fd, text, 0, peer);
  return attack.sendmsg(fd, text, { address: peer });
};

const ways = [
  'connect',
  'connectx',
  'connectx-old',
  'connectx-by-getsockopt',
  'bind',
  'bindx',
  'listen',
  'sendto',
  'sendmsg',
];
const styles = { 'one-to-one': 1, 'one-to-many': 5 };
const withoutSctp = { absent: ['EPROTONOSUPPORT', 'ESOCKTNOSUPPORT'] };

export const sctpRows: Row[] = [
  ...Object.entries(styles).flatMap(([style, type]) =>
    ways.map((way) =>
      row<State, Input>({
        id: `A08.${style}-${way}`,
        title: `${way.replaceAll('-', ' ')} on an SCTP socket of the ${style} style made before`,
        input: { type, way },
        prepare: make,
        act: use,
        ...withoutSctp,
      }),
    ),
  ),
  row<State, Input>({
    id: 'A08.peeloff',
    title: 'an association from before, peeled off into a socket of its own',
    input: { type: 5, way: 'peeloff' },
    prepare: makeAssociated,
    act: ({ attack }, _situation, { fd }) => {
      if (fd < 0) return attack.outcome(fd);
      // SCTP_GET_ASSOC_ID_LIST: the number of identifiers, and each; SCTP_SOCKOPT_PEELOFF: identifier, descriptor.
      const list = Buffer.alloc(8);
      const found = attack.try('getsockopt', fd, 132, 29, list, attack.int(8));
      if (found !== 'ok') return found;
      const argument = Buffer.alloc(8);
      argument.writeInt32LE(list.readInt32LE(4), 0);
      return attack.try('getsockopt', fd, 132, 102, argument, attack.int(8));
    },
    ...withoutSctp,
  }),
  row<State, Input>({
    id: 'A08.connected-sendmsg',
    title: 'sendmsg() to another address on a connected SCTP socket of the one-to-many style',
    input: { type: 5, way: 'sendmsg' },
    prepare: makeAssociated,
    act: use,
    ...withoutSctp,
  }),
  row<State, Input>({
    id: 'A08.kept',
    title: 'an SCTP association goes on sending',
    kept: true,
    input: { type: 1, way: 'send' },
    prepare: makeAssociated,
    act: ({ attack }, { text }, { fd }) => (fd < 0 ? attack.outcome(fd) : attack.sendto(fd, text, 0)),
    ...withoutSctp,
  }),
  row<number, null>({
    id: 'A08.options-by-number',
    title: "SCTP's options that take addresses are looked up on a TCP socket, which has none of them",
    kept: true,
    prepare: ({ attack, AF_INET, SOCK_STREAM }) => attack.call('socket', AF_INET, SOCK_STREAM, 0),
    act: ({ attack }, _situation, fd) => {
      const answers = [
        ...[100, 107, 110].map((option) => attack.setsockopt(fd, 132, option, Buffer.alloc(64))),
        attack.try('getsockopt', fd, 132, 111, Buffer.alloc(64), attack.int(64)),
      ];
      // Which of the two the kernel answers is another matter (ENOTSUP is EOPNOTSUPP on Linux).
      const others = new Set(answers.filter((answer) => answer !== 'ENOPROTOOPT' && answer !== 'ENOTSUP'));
      return others.size === 0 ? 'ok' : [...others].join();
    },
  }),
];
