// SPDX-License-Identifier: MIT
// A09: control messages that lead what is sent through an open socket elsewhere.
import { row, type Act, type Prepare, type Row } from '../row';

interface Form {
  family: number;
  type: number;
  level: number;
  message: number;
  /** In hexadecimal digits. */
  value: string;
}

const stream = 1;
const datagram = 2;
// Loose source route through 127.0.0.1; a type 2 routing header through ::1, for which Mobile IPv6 stands.
const sourceRoute = '830704' + '7f000001' + '00';
const routingHeader = '0002020100000000' + '00000000000000000000000000000001';
/** The loopback interface, and no address. */
const information = '01000000' + '00000000' + '00000000';
const information6 = '00'.repeat(16) + '01000000';

const connected: Prepare<number, Form> = ({ attack, inetAddress }, { tcp, udp, input: { family, type } }) => {
  const fd = attack.call('socket', family, type, 0);
  attack.connect(fd, inetAddress(type === 1 ? tcp : udp, family === 2 ? '127.0.0.1' : '::1'));
  return fd;
};

const send: Act<number, Form> = ({ attack }, { text, input: { level, message, value } }, fd) =>
  attack.sendmsg(fd, text, { control: attack.controlMessage(level, message, Buffer.from(value, 'hex')) });
const sendMany: Act<number, Form> = ({ attack }, { text, input: { level, message, value } }, fd) =>
  attack.sendmmsg(fd, text, { control: attack.controlMessage(level, message, Buffer.from(value, 'hex')) });

const returnedOptions: Form = { family: 2, type: datagram, level: 0, message: 7, value: sourceRoute };
const forms: Record<string, [title: string, form: Form]> = {
  'message-source-route': ['IP_RETOPTS with a source route', returnedOptions],
  'message-routing-header': [
    'IPV6_RTHDR',
    { family: 10, type: datagram, level: 41, message: 57, value: routingHeader },
  ],
  'message-2292-routing-header': [
    'IPV6_2292RTHDR',
    { family: 10, type: datagram, level: 41, message: 5, value: routingHeader },
  ],
  'message-interface': ['IP_PKTINFO', { family: 2, type: datagram, level: 0, message: 8, value: information }],
  'message-interface6': ['IPV6_PKTINFO', { family: 10, type: datagram, level: 41, message: 50, value: information6 }],
  'message-2292-interface6': [
    'IPV6_2292PKTINFO',
    { family: 10, type: datagram, level: 41, message: 2, value: information6 },
  ],
};

export const controlMessageRows: Row[] = [
  ...Object.entries(forms).map(([name, [title, input]]) =>
    row<number, Form>({
      id: `A09.${name}`,
      title: `${title} as a control message on a connected UDP socket of IPv${input.family === 2 ? '4' : '6'}`,
      input,
      prepare: connected,
      act: send,
      // A kernel without Mobile IPv6 knows no routing header that a message could bring.
      ...(input.value === routingHeader ? { absent: ['EINVAL'] } : {}),
    }),
  ),
  row<number, Form>({
    id: 'A09.message-source-route-sendmmsg',
    title: 'IP_RETOPTS with a source route as a control message of sendmmsg()',
    input: returnedOptions,
    prepare: connected,
    act: sendMany,
  }),
  row<number, Form>({
    id: 'A09.message-on-tcp',
    title: 'a routing header as a control message on a TCP connection, which ignores it: the bytes go to the peer',
    input: { family: 10, type: stream, level: 41, message: 57, value: routingHeader },
    kept: true,
    wire: true,
    prepare: connected,
    act: send,
  }),
  row<number, null>({
    id: 'A09.message-harmless',
    title: 'a control message that leads nowhere (IP_TTL) on a connected UDP socket',
    kept: true,
    wire: true,
    prepare: ({ attack, inetAddress, AF_INET, SOCK_DGRAM }, { udp }) => {
      const fd = attack.call('socket', AF_INET, SOCK_DGRAM, 0);
      attack.connect(fd, inetAddress(udp));
      return fd;
    },
    act: ({ attack }, { text }, fd) =>
      attack.sendmsg(fd, text, { control: attack.controlMessage(0, 2, attack.int(9)) }),
  }),
];
