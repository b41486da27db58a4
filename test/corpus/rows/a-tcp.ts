// SPDX-License-Identifier: MIT
// A01: TCP sockets that were made before the drop, and are bound or connected after it.
import { row, type Act, type Row } from '../row';
import { unbound } from '../sockets';

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

const connectAndSend: Act<number, null> = ({ attack, inetAddress }, { tcp, text }, fd) => {
  const connected = attack.connect(fd, inetAddress(tcp));
  return connected === 'ok' ? attack.sendto(fd, text, 0) : connected;
};

export const tcpRows: Row[] = [
  ...unconnected,
  row<number, null>({
    id: 'A01.tcp-mapped',
    title: 'connect() on an IPv6 TCP socket made before, to an IPv4 address in its IPv6 form',
    wire: true,
    prepare: ({ attack, AF_INET6, SOCK_STREAM }) => attack.call('socket', AF_INET6, SOCK_STREAM, 0),
    act: ({ attack, inetAddress }, { tcp, text }, fd) => {
      const connected = attack.connect(fd, inetAddress(tcp, '::ffff:127.0.0.1'));
      return connected === 'ok' ? attack.sendto(fd, text, 0) : connected;
    },
  }),
  row<number, null>({
    id: 'A01.tcp-connect-high-half',
    title: 'connect() with the upper half of the descriptor set, which the kernel ignores',
    wire: true,
    prepare: unbound,
    act: ({ attack, inetAddress }, { tcp, text }, fd) => {
      const address = inetAddress(tcp);
      const connected = attack.try('connect', (1n << 32n) | BigInt(fd), address, address.length);
      return connected === 'ok' ? attack.sendto(fd, text, 0) : connected;
    },
  }),
  row<number, null>({
    id: 'A01.tcp-bound',
    title: 'connect() on a TCP socket that was bound before',
    wire: true,
    prepare: ({ attack, inetAddress, AF_INET, SOCK_STREAM }) => {
      const fd = attack.call('socket', AF_INET, SOCK_STREAM, 0);
      attack.bind(fd, inetAddress(0));
      return fd;
    },
    act: connectAndSend,
  }),
  row<number, null>({
    id: 'A01.tcp-duplicate',
    title: 'connect() by a duplicate of the descriptor that is made after the drop',
    wire: true,
    prepare: unbound,
    act: ({ attack, inetAddress }, { tcp, text }, fd) => {
      const copy = attack.call('dup', fd);
      const connected = attack.connect(copy, inetAddress(tcp));
      return connected === 'ok' ? attack.sendto(fd, text, 0) : connected;
    },
  }),
  row<number, null>({
    id: 'A01.tcp-in-flight',
    title: 'a TCP socket that waits, open nowhere else, in a Unix socket of the process itself',
    wire: true,
    limit: 'received-descriptors',
    prepare: ({ attack, AF_INET, AF_UNIX, SOCK_STREAM }) => {
      const pair = Buffer.alloc(8);
      attack.call('socketpair', AF_UNIX, SOCK_STREAM, 0, pair);
      const fd = attack.call('socket', AF_INET, SOCK_STREAM, 0);
      attack.sendmsg(pair.readInt32LE(0), 'x', { control: attack.controlMessage(1, 1, attack.int(fd)) });
      attack.call('close', fd);
      return pair.readInt32LE(4);
    },
    act: ({ attack, inetAddress }, { tcp, text }, receiver) => {
      const [fd = -1] = attack.receive(receiver, 1);
      const connected = attack.connect(fd, inetAddress(tcp));
      return connected === 'ok' ? attack.sendto(fd, text, 0) : connected;
    },
  }),
  row<number, null>({
    id: 'A01.tcp-new-thread',
    title: 'connect() in a thread that is created after the drop',
    wire: true,
    prepare: unbound,
    act: ({ attack, syscalls, inetAddress }, { tcp, text }, fd) => {
      const address = inetAddress(tcp);
      const connected = attack.outcome(syscalls.syscallInNewThread(attack.number.connect, fd, address, address.length));
      return connected === 'ok' ? attack.sendto(fd, text, 0) : connected;
    },
  }),
  row<number, null>({
    id: 'A01.tcp-child',
    title: 'connect() by a child process that is started after the drop and inherits the socket',
    wire: true,
    prepare: unbound,
    act: ({ childProcess }, { tcp, text }, fd) => {
      const program = `
import errno, socket
try:
    used = socket.socket(fileno=3)
    used.connect(('127.0.0.1', ${String(tcp)}))
    used.send(${JSON.stringify(text)}.encode())
    print('ok')
except OSError as error:
    print(errno.errorcode[error.errno])
`;
      const { stdout, stderr } = childProcess.spawnSync('python3', ['-c', program], {
        stdio: ['ignore', 'pipe', 'pipe', fd],
        encoding: 'utf8',
      });
      return stdout.trim() || stderr;
    },
  }),
  row<number, null>({
    id: 'A01.tcp-repair',
    title: 'TCP_REPAIR, which makes a connection of any two addresses without a packet',
    prepare: unbound,
    act: ({ attack, inetAddress }, { tcp }, fd) => {
      const repair = attack.setsockopt(fd, 6, 19, attack.int(1));
      return repair === 'ok' ? attack.connect(fd, inetAddress(tcp)) : repair;
    },
  }),
  row<number, null>({
    id: 'A01.tcp-smc',
    title: 'a TCP socket that TCP_ULP turns into one of SMC, connected',
    wire: true,
    absent: ['ENOENT'],
    prepare: unbound,
    act: ({ attack, inetAddress }, { tcp, text }, fd) => {
      const turned = attack.setsockopt(fd, 6, 31, Buffer.from('smc'));
      if (turned !== 'ok') return turned;
      const connected = attack.connect(fd, inetAddress(tcp));
      return connected === 'ok' ? attack.sendto(fd, text, 0) : connected;
    },
  }),
  row<number, null>({
    id: 'A10.unspecified-bind',
    title: 'bind() of a TCP socket to an address of family AF_UNSPEC, which IPv4 takes for its own',
    prepare: unbound,
    act: ({ attack }, _situation, fd) => attack.bind(fd, Buffer.alloc(16)),
  }),
];
