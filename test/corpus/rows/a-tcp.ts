// SPDX-License-Identifier: MIT
// A01, A03, A05: TCP sockets that were made before the drop.
import { row, type Row } from '../row';

interface Form {
  family: number;
  address: string;
  call: 'connect' | 'bind';
}

const forms: Record<string, Form> = {
  'tcp-connect': { family: 2, address: '127.0.0.1', call: 'connect' },
  'tcp-bind': { family: 2, address: '127.0.0.1', call: 'bind' },
  'tcp6-connect': { family: 10, address: '::1', call: 'connect' },
  'tcp6-bind': { family: 10, address: '::1', call: 'bind' },
};

const unconnected = Object.entries(forms).map(([name, input]) =>
  row<number, Form>({
    id: `A01.${name}`,
    title: `${input.call}() on a TCP socket made before, over IPv${input.family === 2 ? '4' : '6'}`,
    input,
    prepare: ({ attack, SOCK_STREAM }, { input: { family } }) => attack.call('socket', family, SOCK_STREAM, 0),
    act: ({ attack, inetAddress }, { tcp, text, input: { address, call } }, fd) => {
      if (call === 'bind') return attack.bind(fd, inetAddress(0, address));
      const connected = attack.connect(fd, inetAddress(tcp, address));
      return connected === 'ok' ? attack.sendto(fd, text, 0) : connected;
    },
    ...(input.call === 'connect' ? { wire: true as const } : {}),
  }),
);

export const tcpRows: Row[] = [
  ...unconnected,
  row<number, null>({
    id: 'A01.tcp-mapped',
    title: 'connect() on an IPv6 TCP socket made before, to an IPv4 address in its IPv6 form',
    wire: true,
    prepare: ({ attack, AF_INET6, SOCK_STREAM }) => attack.call('socket', AF_INET6, SOCK_STREAM, 0),
    act: ({ attack, inetAddress }, { tcp, text }, fd) => {
      // ::ffff:127.0.0.1
      const mapped = inetAddress(tcp, '::');
      mapped.set([0xff, 0xff, 127, 0, 0, 1], 18);
      const connected = attack.connect(fd, mapped);
      return connected === 'ok' ? attack.sendto(fd, text, 0) : connected;
    },
  }),
  row<number, null>({
    id: 'A01.tcp-connect-high-half',
    title: 'connect() with the upper half of the descriptor set, which the kernel ignores',
    wire: true,
    prepare: ({ attack, AF_INET, SOCK_STREAM }) => attack.call('socket', AF_INET, SOCK_STREAM, 0),
    act: ({ attack, inetAddress }, { tcp, text }, fd) => {
      const address = inetAddress(tcp);
      const connected = attack.try('connect', (1n << 32n) | BigInt(fd), address, address.length);
      return connected === 'ok' ? attack.sendto(fd, text, 0) : connected;
    },
  }),
  row<number, null>({
    id: 'A03.tcp-reconnect',
    title: 'a connected TCP socket, dissolved by connect(AF_UNSPEC) and connected once more',
    wire: true,
    prepare: ({ attack, inetAddress, AF_INET, SOCK_STREAM }, { tcp }) => {
      const fd = attack.call('socket', AF_INET, SOCK_STREAM, 0);
      attack.connect(fd, inetAddress(tcp));
      return fd;
    },
    act: ({ attack, inetAddress }, { tcp, text }, fd) => {
      attack.connect(fd, Buffer.alloc(16));
      const connected = attack.connect(fd, inetAddress(tcp));
      return connected === 'ok' ? attack.sendto(fd, text, 0) : connected;
    },
  }),
];
