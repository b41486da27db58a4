// SPDX-License-Identifier: MIT
// A02, A04, A10: UDP and UDP-Lite sockets that were made before the drop.
import { row, type Act, type Prepare, type Row } from '../row';

interface Input {
  family: number;
  /** 0 is UDP, 136 UDP-Lite. */
  protocol: number;
  call: 'connect' | 'bind' | 'sendto' | 'sendmsg' | 'sendmmsg';
  /** Written as family AF_UNSPEC, which UDP takes for its own. */
  unspecified?: true;
  address?: string;
}

const make: Prepare<number, Input> = ({ attack, SOCK_DGRAM }, { input: { family, protocol } }) =>
  attack.call('socket', family, SOCK_DGRAM, protocol);

/** Connected to a port where nobody listens. */
const makeConnected: Prepare<number, Input> = (
  { attack, inetAddress, SOCK_DGRAM },
  { input: { family, protocol } },
) => {
  const fd = attack.call('socket', family, SOCK_DGRAM, protocol);
  if (fd >= 0) attack.connect(fd, inetAddress(9, family === 2 ? '127.0.0.1' : '::1'));
  return fd;
};

const use: Act<number, Input> = ({ attack, inetAddress }, { udp, text, input }, fd) => {
  if (fd < 0) return attack.outcome(fd);
  const host = input.address ?? (input.family === 2 ? '127.0.0.1' : '::1');
  if (input.call === 'bind') return attack.bind(fd, inetAddress(0, host));
  const address = inetAddress(udp, host);
  if (input.unspecified) address.writeUInt16LE(0, 0);
  if (input.call === 'sendto') return attack.sendto(fd, text, 0, address);
  if (input.call !== 'connect') return attack[input.call](fd, text, { address });
  const connected = attack.connect(fd, address);
  return connected === 'ok' ? attack.sendto(fd, text, 0) : connected;
};

const calls = ['connect', 'sendto', 'sendmsg', 'sendmmsg'] as const;
const versions = { udp: 2, udp6: 10 } as const;

const describe = ({ call, family, protocol, unspecified, address }: Input): string =>
  `${call}() ${call === 'bind' ? 'of' : 'to'} ${unspecified ? 'an address of family AF_UNSPEC' : 'any address'} on a ` +
  `UDP${protocol === 136 ? '-Lite' : ''} socket of IPv${family === 2 ? '4' : '6'}` +
  (address === undefined ? '' : ` (${address})`);

const rowOf = (id: string, input: Input, prepare: Prepare<number, Input>, prefix: string): Row =>
  row<number, Input>({
    id,
    title: prefix + describe(input),
    input,
    prepare,
    act: use,
    // Nothing outside listens for UDP-Lite, and newer kernels may come without it.
    ...(input.protocol === 136
      ? { absent: ['EPROTONOSUPPORT'] }
      : input.call === 'bind'
        ? {}
        : { wire: true as const }),
  });

const unconnected: Row[] = [
  ...Object.entries(versions).flatMap(([name, family]) =>
    [...calls, 'bind' as const].map((call) => rowOf(`A02.${name}-${call}`, { family, protocol: 0, call }, make, '')),
  ),
  ...calls.map((call) => rowOf(`A02.udplite-${call}`, { family: 2, protocol: 136, call }, make, '')),
  rowOf('A02.udplite6-sendto', { family: 10, protocol: 136, call: 'sendto' }, make, ''),
  rowOf('A02.mapped-sendto', { family: 10, protocol: 0, call: 'sendto', address: '::ffff:127.0.0.1' }, make, ''),
  rowOf('A02.mapped-connect', { family: 10, protocol: 0, call: 'connect', address: '::ffff:127.0.0.1' }, make, ''),
  row<number, null>({
    id: 'A02.duplicate',
    title: 'sendto() by a duplicate of a UDP socket that is made after the drop',
    wire: true,
    prepare: ({ attack, AF_INET, SOCK_DGRAM }) => attack.call('socket', AF_INET, SOCK_DGRAM, 0),
    act: ({ attack, inetAddress }, { udp, text }, fd) =>
      attack.sendto(attack.call('dup', fd), text, 0, inetAddress(udp)),
  }),
  row<number, null>({
    id: 'A02.in-flight',
    title: 'a UDP socket that waits, open nowhere else, in a Unix socket of the process itself',
    wire: true,
    limit: 'received-descriptors',
    prepare: ({ attack, AF_INET, AF_UNIX, SOCK_DGRAM, SOCK_STREAM }) => {
      const pair = Buffer.alloc(8);
      attack.call('socketpair', AF_UNIX, SOCK_STREAM, 0, pair);
      const fd = attack.call('socket', AF_INET, SOCK_DGRAM, 0);
      attack.sendmsg(pair.readInt32LE(0), 'x', { control: attack.controlMessage(1, 1, attack.int(fd)) });
      attack.call('close', fd);
      return pair.readInt32LE(4);
    },
    act: ({ attack, inetAddress }, { udp, text }, receiver) =>
      attack.sendto(attack.receive(receiver, 1)[0] ?? -1, text, 0, inetAddress(udp)),
  }),
  row<import('node:dgram').Socket, null>({
    id: 'A02.node',
    title: "send() of Node's own dgram socket that was bound before",
    wire: true,
    prepare: async ({ dgram, events }) => {
      const socket = dgram.createSocket('udp4');
      socket.on('error', () => undefined).bind(0, '127.0.0.1');
      await events.once(socket, 'listening');
      return socket;
    },
    act: async (_toolbox, { udp, text }, socket) => {
      const error = await new Promise<Error | null>((resolve) => {
        socket.send(text, udp, '127.0.0.1', resolve);
      });
      socket.close();
      return error === null ? 'ok' : ((error as NodeJS.ErrnoException).code ?? String(error));
    },
  }),
  row<number, null>({
    id: 'A02.udp-child',
    title: 'sendto() by a child process that is started after the drop and inherits the UDP socket',
    wire: true,
    prepare: ({ attack, AF_INET, SOCK_DGRAM }) => attack.call('socket', AF_INET, SOCK_DGRAM, 0),
    act: ({ childProcess }, { udp, text }, fd) => {
      const program = `
import errno, socket
try:
    socket.socket(fileno=3).sendto(${JSON.stringify(text)}.encode(), ('127.0.0.1', ${String(udp)}))
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
];

const connected: Row[] = [
  ...Object.entries(versions).flatMap(([name, family]) =>
    calls.map((call) => rowOf(`A04.${name}-${call}`, { family, protocol: 0, call }, makeConnected, 'connected: ')),
  ),
  rowOf('A04.udplite-sendmsg', { family: 2, protocol: 136, call: 'sendmsg' }, makeConnected, 'connected: '),
  row<number[], null>({
    id: 'A04.duplicates',
    title: 'a connected UDP socket with two descriptors, each used to send elsewhere',
    wire: true,
    prepare: ({ attack, inetAddress, AF_INET, SOCK_DGRAM }) => {
      const fd = attack.call('socket', AF_INET, SOCK_DGRAM, 0);
      attack.connect(fd, inetAddress(9));
      return [fd, attack.call('dup', fd)];
    },
    act: ({ attack, inetAddress }, { udp, text }, descriptors) => {
      const answers = descriptors.map((fd) => attack.sendto(fd, text, 0, inetAddress(udp)));
      return answers.includes('ok') ? 'ok' : [...new Set(answers)].join();
    },
  }),
  row<number, null>({
    id: 'A04.udp-dissolve',
    title: 'a connected UDP socket, dissolved by connect(AF_UNSPEC) and connected elsewhere',
    wire: true,
    prepare: ({ attack, inetAddress, AF_INET, SOCK_DGRAM }) => {
      const fd = attack.call('socket', AF_INET, SOCK_DGRAM, 0);
      attack.connect(fd, inetAddress(9));
      return fd;
    },
    act: ({ attack, inetAddress }, { udp, text }, fd) => {
      attack.connect(fd, Buffer.alloc(16));
      const again = attack.connect(fd, inetAddress(udp));
      return again === 'ok' ? attack.sendto(fd, text, 0) : again;
    },
  }),
  row<number, null>({
    id: 'A04.udp-kept',
    title: 'a connected UDP socket goes on sending to its peer',
    wire: true,
    kept: true,
    prepare: ({ attack, inetAddress, AF_INET, SOCK_DGRAM }, { udp }) => {
      const fd = attack.call('socket', AF_INET, SOCK_DGRAM, 0);
      attack.connect(fd, inetAddress(udp));
      return fd;
    },
    act: ({ attack }, { text }, fd) => attack.sendto(fd, text, 0),
  }),
];

const otherFamilies: Row[] = [
  ...(['sendto', 'sendmsg', 'sendmmsg'] as const).flatMap((call) => {
    const input: Input = { family: 2, protocol: 0, call, unspecified: true };
    return [
      rowOf(`A10.unspecified-${call}`, input, make, ''),
      rowOf(`A10.unspecified-connected-${call}`, input, makeConnected, 'connected: '),
    ];
  }),
  rowOf('A10.inet-on-udp6-sendto', { family: 10, protocol: 0, call: 'sendto', address: '127.0.0.1' }, make, ''),
  rowOf('A10.inet-on-udp6-connect', { family: 10, protocol: 0, call: 'connect', address: '127.0.0.1' }, make, ''),
];

export const udpRows: Row[] = [...unconnected, ...connected, ...otherFamilies];
