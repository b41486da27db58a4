// SPDX-License-Identifier: MIT
// A11, A10: sockets of other families, made after the drop.
import { row, type Row } from '../row';

interface Family {
  family: number;
  type: number;
  protocol: number;
}

const families: Record<string, [title: string, family: Family]> = {
  tcp: ['TCP', { family: 2, type: 1, protocol: 0 }],
  tcp6: ['TCP over IPv6', { family: 10, type: 1, protocol: 0 }],
  udp: ['UDP', { family: 2, type: 2, protocol: 0 }],
  udp6: ['UDP over IPv6', { family: 10, type: 2, protocol: 0 }],
  udplite: ['UDP-Lite', { family: 2, type: 2, protocol: 136 }],
  mptcp: ['MPTCP', { family: 2, type: 1, protocol: 262 }],
  sctp: ['SCTP', { family: 2, type: 5, protocol: 132 }],
  raw: ['raw IPv4', { family: 2, type: 3, protocol: 255 }],
  raw6: ['raw IPv6', { family: 10, type: 3, protocol: 58 }],
  packet: ['AF_PACKET', { family: 17, type: 3, protocol: 0x0300 }],
  'packet-datagram': ['AF_PACKET without its headers', { family: 17, type: 2, protocol: 0 }],
  netlink: ['AF_NETLINK (routes)', { family: 16, type: 3, protocol: 0 }],
  'netlink-diagnosis': ['AF_NETLINK (sockets of everyone)', { family: 16, type: 3, protocol: 4 }],
  'netlink-generic': ['AF_NETLINK (generic)', { family: 16, type: 3, protocol: 16 }],
  vsock: ['AF_VSOCK', { family: 40, type: 1, protocol: 0 }],
  'vsock-sequenced': ['AF_VSOCK with SOCK_SEQPACKET', { family: 40, type: 5, protocol: 0 }],
  xdp: ['AF_XDP', { family: 44, type: 3, protocol: 0 }],
  alg: ['AF_ALG', { family: 38, type: 5, protocol: 0 }],
  bluetooth: ['AF_BLUETOOTH', { family: 31, type: 3, protocol: 1 }],
  can: ['AF_CAN', { family: 29, type: 3, protocol: 1 }],
  ieee802154: ['AF_IEEE802154', { family: 36, type: 2, protocol: 0 }],
  smc: ['AF_SMC', { family: 43, type: 1, protocol: 0 }],
  tipc: ['AF_TIPC', { family: 30, type: 4, protocol: 0 }],
  rds: ['AF_RDS', { family: 21, type: 5, protocol: 0 }],
  kcm: ['AF_KCM', { family: 41, type: 2, protocol: 0 }],
  mctp: ['AF_MCTP', { family: 45, type: 2, protocol: 0 }],
  qipcrtr: ['AF_QIPCRTR', { family: 42, type: 2, protocol: 0 }],
};

export const familyAfterRows: Row[] = [
  ...Object.entries(families).map(([name, [title, input]]) =>
    row<undefined, Family>({
      id: `A11.${name}-after`,
      title: `a new socket: ${title}`,
      input,
      absent: ['EAFNOSUPPORT', 'EPROTONOSUPPORT', 'ESOCKTNOSUPPORT'],
      act: ({ attack }, { input: { family, type, protocol } }) => attack.try('socket', family, type, protocol),
    }),
  ),
  row<undefined, null>({
    id: 'A11.socketpair-after',
    title: 'socketpair() of AF_TIPC, the one other family that has pairs',
    absent: ['EAFNOSUPPORT'],
    act: ({ attack }) => attack.try('socketpair', 30, 5, 0, Buffer.alloc(8)),
  }),
  row<undefined, null>({
    id: 'A10.sock-packet-after',
    title: 'a new SOCK_PACKET socket, whose family is AF_INET',
    act: ({ attack, AF_INET }) => attack.try('socket', AF_INET, 10, 0x0300),
  }),
  row<undefined, null>({
    id: 'A11.every-family-after',
    title: 'every family and type, by socket() and socketpair(), with and without upper halves: none is made',
    act: ({ attack }) => {
      const answers = new Set<string>();
      const pair = Buffer.alloc(8);
      for (const high of [0n, 1n << 32n]) {
        for (let family = 0n; family < 64n; family++) {
          if (family === 1n) continue;
          for (let type = 0n; type < 16n; type++) {
            for (const [call, ...rest] of [['socket'], ['socketpair', pair]] as const) {
              const fd = attack.call(call, high | family, high | type | 0o2000000n, 0, ...rest);
              if (fd >= 0) attack.call('close', fd);
              answers.add(attack.outcome(fd));
            }
          }
        }
      }
      return answers.has('ok') ? 'ok' : [...answers].sort().join();
    },
  }),
  row<undefined, null>({
    id: 'A11.odd-families-after',
    title: 'families that are no number of the kernel, which may mask what it is given: none is made',
    act: ({ attack, SOCK_STREAM }) => {
      // 2 behind bits that a kernel may drop, and negative; without the drop the last one is of IPv4.
      const families = [0x102, 0x10002, 0x7fffffff, -1, -0x80000000, (0x7fffffffn << 32n) | 2n];
      const answers = families.map((family) => {
        const fd = attack.call('socket', family, SOCK_STREAM, 0);
        if (fd >= 0) attack.call('close', fd);
        return attack.outcome(fd);
      });
      return answers.includes('ok') ? 'ok' : [...new Set(answers)].sort().join();
    },
  }),
  row<undefined, null>({
    id: 'A11.unix-after',
    title: 'a new Unix socket',
    kept: true,
    act: ({ attack, AF_UNIX, SOCK_STREAM }) => attack.try('socket', AF_UNIX, SOCK_STREAM, 0),
  }),
  row<undefined, null>({
    id: 'A11.unix-pair-after',
    title: 'a new pair of Unix sockets',
    kept: true,
    act: ({ attack, AF_UNIX, SOCK_STREAM }) => attack.try('socketpair', AF_UNIX, SOCK_STREAM, 0, Buffer.alloc(8)),
  }),
];
