// SPDX-License-Identifier: MIT
// A09, A10: options that lead an open socket elsewhere, and those that lead nowhere.
import { row, type Act, type Prepare, type Row } from '../row';

interface Option {
  /** The kernel's answer where it does not know type 2 of the routing header. */
  absent?: 'EINVAL';
  family: number;
  /** Stream or datagram, connected to what listens outside. */
  type: number;
  level: number;
  option: number;
  /** In hexadecimal digits. */
  value: string;
}

// Loose source route through 127.0.0.1; a type 4 (segment routing) header with one segment, ::1.
const sourceRoute = '830704' + '7f000001' + '00';
const routingHeader = '0002040000000000' + '00000000000000000000000000000001';
/**
 * As a control message: IPV6_RTHDR, in the only type that a message may bring, and a kernel knows it only
 * with Mobile IPv6 in it.
 */
const routingMessage = '2800000000000000' + '2900000039000000' + '0002020100000000' + routingHeader.slice(16);
/** The least that IPV6_2292PKTOPTIONS takes: IPV6_HOPLIMIT. */
const limitMessage = '1400000000000000' + '2900000034000000' + '4000000000000000';
const loopbackIndex = '01000000';
const index = '00000001';
const inet = 2;
const inet6 = 10;
const stream = 1;
const datagram = 2;

const connected: Prepare<number, Option> = ({ attack, inetAddress }, { tcp, udp, input: { family, type } }) => {
  const fd = attack.call('socket', family, type, 0);
  attack.connect(fd, inetAddress(type === 1 ? tcp : udp, family === 2 ? '127.0.0.1' : '::1'));
  return fd;
};

const set: Act<number, Option> = ({ attack }, { input: { level, option, value } }, fd) =>
  attack.setsockopt(fd, level, option, Buffer.from(value, 'hex'));

const hexadecimal = (text: string): string => Buffer.from(text).toString('hex');

const leading: Record<string, [title: string, option: Option]> = {
  'ip-options': ['IP_OPTIONS', { family: inet, type: stream, level: 0, option: 4, value: sourceRoute }],
  'ip-options-udp': ['IP_OPTIONS', { family: inet, type: datagram, level: 0, option: 4, value: sourceRoute }],
  'routing-header': ['IPV6_RTHDR', { family: inet6, type: stream, level: 41, option: 57, value: routingHeader }],
  'routing-header-udp': ['IPV6_RTHDR', { family: inet6, type: datagram, level: 41, option: 57, value: routingHeader }],
  '2292-packet-options': [
    'IPV6_2292PKTOPTIONS',
    { family: inet6, type: stream, level: 41, option: 6, value: limitMessage },
  ],
  '2292-packet-options-routing': [
    'IPV6_2292PKTOPTIONS with a routing header',
    { family: inet6, type: stream, level: 41, option: 6, value: routingMessage, absent: 'EINVAL' },
  ],
  '2292-packet-options-udp': [
    'IPV6_2292PKTOPTIONS',
    { family: inet6, type: datagram, level: 41, option: 6, value: limitMessage },
  ],
  'flow-label-udp': [
    'IPV6_FLOWLABEL_MGR, a flow label that brings a routing header',
    {
      family: inet6,
      type: datagram,
      level: 41,
      option: 32,
      // To ::1, any label, IPV6_FL_A_GET, IPV6_FL_S_EXCL, IPV6_FL_F_CREATE, no time limits; then options.
      value:
        '00000000000000000000000000000001' + '00000000' + '00' + '01' + '0100' + '0000000000000000' + routingMessage,
      absent: 'EINVAL',
    },
  ],
  'bind-to-device': [
    'SO_BINDTODEVICE',
    { family: inet, type: stream, level: 1, option: 25, value: hexadecimal('lo\0') },
  ],
  'bind-to-device-udp': [
    'SO_BINDTODEVICE',
    { family: inet, type: datagram, level: 1, option: 25, value: hexadecimal('lo\0') },
  ],
  'bind-to-interface-index': [
    'SO_BINDTOIFINDEX',
    { family: inet, type: stream, level: 1, option: 62, value: loopbackIndex },
  ],
  'bind-to-interface-index-udp6': [
    'SO_BINDTOIFINDEX',
    { family: inet6, type: datagram, level: 1, option: 62, value: loopbackIndex },
  ],
  'dont-route': ['SO_DONTROUTE', { family: inet, type: stream, level: 1, option: 5, value: loopbackIndex }],
  'dont-route-udp6': ['SO_DONTROUTE', { family: inet6, type: datagram, level: 1, option: 5, value: loopbackIndex }],
  priority: ['SO_PRIORITY', { family: inet, type: stream, level: 1, option: 12, value: loopbackIndex }],
  mark: ['SO_MARK', { family: inet, type: stream, level: 1, option: 36, value: loopbackIndex }],
  'traffic-class': ['IPV6_TCLASS', { family: inet6, type: stream, level: 41, option: 67, value: '10000000' }],
  'auto-flow-label': ['IPV6_AUTOFLOWLABEL', { family: inet6, type: stream, level: 41, option: 70, value: '00000000' }],
  'unicast-interface-udp': ['IP_UNICAST_IF', { family: inet, type: datagram, level: 0, option: 50, value: index }],
  'unicast-interface-udp6': ['IPV6_UNICAST_IF', { family: inet6, type: datagram, level: 41, option: 76, value: index }],
  'multicast-interface-udp': [
    'IP_MULTICAST_IF',
    { family: inet, type: datagram, level: 0, option: 32, value: '7f000001' },
  ],
  'multicast-interface-udp6': [
    'IPV6_MULTICAST_IF',
    { family: inet6, type: datagram, level: 41, option: 17, value: loopbackIndex },
  ],
  'packet-information-udp6': [
    'IPV6_PKTINFO',
    { family: inet6, type: datagram, level: 41, option: 50, value: '00'.repeat(16) + loopbackIndex },
  ],
};

const harmless: Record<string, [title: string, option: Option]> = {
  'keep-alive': ['SO_KEEPALIVE', { family: inet, type: stream, level: 1, option: 9, value: loopbackIndex }],
  'no-delay': ['TCP_NODELAY', { family: inet, type: stream, level: 6, option: 1, value: loopbackIndex }],
  transparent: ['IP_TRANSPARENT', { family: inet, type: stream, level: 0, option: 19, value: loopbackIndex }],
  'free-bind': ['IP_FREEBIND', { family: inet, type: stream, level: 0, option: 15, value: loopbackIndex }],
  '2292-routing-header': [
    'IPV6_2292RTHDR, a switch for what is received,',
    { family: inet6, type: stream, level: 41, option: 5, value: loopbackIndex },
  ],
  'type-of-service': ['IP_TOS', { family: inet, type: stream, level: 0, option: 1, value: '10000000' }],
};

const tcp4: Option = { family: inet, type: stream, level: 0, option: 4, value: sourceRoute };

export const optionRows: Row[] = [
  ...Object.entries(leading).map(([name, [option, input]]) =>
    row<number, Option>({
      id: `A09.${name}`,
      title: `${option} on a connected ${input.type === stream ? 'TCP' : 'UDP'} socket of IPv${input.family === inet ? '4' : '6'}`,
      input,
      prepare: connected,
      act: set,
      ...(input.absent === undefined ? {} : { absent: [input.absent] }),
    }),
  ),
  ...Object.entries(harmless).map(([name, [option, input]]) =>
    row<number, Option>({
      id: `A09.${name}`,
      title: `${option} can be set on a connected TCP socket: it leads nowhere without bind() or connect()`,
      input,
      kept: true,
      prepare: connected,
      act: set,
    }),
  ),
  row<number, Option>({
    id: 'A09.level-high-half',
    title: 'IP_OPTIONS with the upper half of the level set, which the kernel ignores',
    input: tcp4,
    prepare: connected,
    act: ({ attack }, { input: { option, value } }, fd) =>
      attack.try('setsockopt', fd, 1n << 32n, option, Buffer.from(value, 'hex'), value.length / 2),
  }),
  row<number, Option>({
    id: 'A09.option-high-half',
    title: 'IP_OPTIONS with the upper half of the option set, which the kernel ignores',
    input: tcp4,
    prepare: connected,
    act: ({ attack }, { input: { option, value } }, fd) =>
      attack.try('setsockopt', fd, 0, (1n << 32n) | BigInt(option), Buffer.from(value, 'hex'), value.length / 2),
  }),
  ...[stream, datagram].map((type) =>
    row<number, Option>({
      id: `A09.send-past-routes-${type === stream ? 'tcp' : 'udp'}`,
      title: `MSG_DONTROUTE in a send on a connected ${type === stream ? 'TCP' : 'UDP'} socket`,
      input: { ...tcp4, type },
      wire: true,
      prepare: connected,
      act: ({ attack }, { text }, fd) => attack.sendto(fd, text, 4),
    }),
  ),
  row<number, Option>({
    id: 'A09.upper-layer-protocol',
    title: 'TCP_ULP can be set on a connected TCP socket, which kernel TLS needs',
    input: { family: inet, type: stream, level: 6, option: 31, value: hexadecimal('tls') },
    kept: true,
    prepare: connected,
    act: ({ attack }, { input: { level, option, value } }, fd) => {
      const answer = attack.setsockopt(fd, level, option, Buffer.from(value, 'hex'));
      // The kernel has looked for the protocol, and has none.
      return answer === 'ENOENT' ? 'ok' : answer;
    },
  }),
  ...[stream, datagram].map((type) =>
    row<number, { type: number }>({
      id: `A10.address-form-${type === stream ? 'tcp' : 'udp'}`,
      title: `IPV6_ADDRFORM turns a ${type === stream ? 'TCP' : 'UDP'} socket into one of IPv4, which is connected elsewhere`,
      input: { type },
      wire: true,
      prepare: ({ attack, inetAddress, AF_INET6, SOCK_STREAM }, { tcp, udp, input }) => {
        const fd = attack.call('socket', AF_INET6, input.type, 0);
        attack.connect(fd, inetAddress(input.type === SOCK_STREAM ? tcp : udp, '::ffff:127.0.0.1'));
        return fd;
      },
      act: ({ attack, inetAddress, SOCK_STREAM }, { tcp, udp, text, input }, fd) => {
        const turned = attack.setsockopt(fd, 41, 1, attack.int(2));
        if (turned !== 'ok') return turned;
        attack.connect(fd, Buffer.alloc(16));
        const again = attack.connect(fd, inetAddress(input.type === SOCK_STREAM ? tcp : udp));
        return again === 'ok' ? attack.sendto(fd, text, 0) : again;
      },
    }),
  ),
];
