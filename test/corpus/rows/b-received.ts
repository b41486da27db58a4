// SPDX-License-Identifier: MIT
// B01, B02: descriptors that come over a Unix socket, from a process that has the network or from before.
import { row, type Act, type Prepare, type Row } from '../row';

interface Form {
  title: string;
  /** What a Python program opens. */
  made: string;
  use: 'send to' | 'connect' | 're-aim' | 'listen' | 'accept' | 'write' | 'ask' | 'frame';
}

const forms: Record<string, Form> = {
  'B01.udp': { title: 'a UDP socket, for a datagram', made: 'socket(type=SOCK_DGRAM)', use: 'send to' },
  'B01.udp-connect': { title: 'a UDP socket, to connect', made: 'socket(type=SOCK_DGRAM)', use: 'connect' },
  'B01.tcp': { title: 'a TCP socket, to connect', made: 'socket()', use: 'connect' },
  'B01.mptcp': { title: 'an MPTCP socket, to connect', made: 'socket(proto=262)', use: 'connect' },
  'B01.tcp-listen': { title: 'a TCP socket, to listen', made: 'socket()', use: 'listen' },
  'B01.tcp-listener': { title: 'a listening TCP socket', made: 'create_server(("127.0.0.1", 0))', use: 'accept' },
  'B01.tcp-connected': { title: 'a connected TCP socket, to connect elsewhere', made: 'connected()', use: 're-aim' },
  'B01.raw': { title: 'a raw socket', made: 'socket(type=SOCK_RAW, proto=IPPROTO_UDP)', use: 'send to' },
  'B01.packet': { title: 'a packet socket', made: 'socket(AF_PACKET, SOCK_DGRAM)', use: 'frame' },
  'B01.netlink': { title: 'a netlink socket', made: 'socket(AF_NETLINK, SOCK_RAW)', use: 'ask' },
  'B02.tcp': { title: 'a connected TCP socket', made: 'connected()', use: 'write' },
  'B02.udp': { title: 'a connected UDP socket', made: 'connected(SOCK_DGRAM)', use: 'write' },
};

interface Sender {
  /** Nothing, or the name of the error with which it has failed. */
  failure: string;
  receive: () => number;
}

const act: Act<Sender, Form> = ({ attack, inetAddress }, { tcp, udp, text, input }, { failure, receive }) => {
  if (failure !== '') return failure;
  const fd = receive();
  const connect = (): string => {
    const isDatagram = input.made.includes('DGRAM');
    const connected = attack.connect(fd, inetAddress(isDatagram ? udp : tcp));
    return connected === 'ok' ? attack.sendto(fd, text, 0) : connected;
  };
  switch (input.use) {
    case 'send to': {
      const receiver = inetAddress(udp);
      // A raw socket wants the header of UDP before the text: two ports, the length, no checksum.
      const header = Buffer.alloc(input.made.includes('RAW') ? 8 : 0);
      if (header.length > 0) {
        header.writeUInt16BE(udp, 2);
        header.writeUInt16BE(header.length + text.length, 4);
      }
      const data = Buffer.concat([header, Buffer.from(text)]);
      return attack.try('sendto', fd, data, data.length, 0, receiver, receiver.length);
    }
    case 'connect':
      return connect();
    case 're-aim':
      attack.connect(fd, Buffer.alloc(16));
      return connect();
    case 'listen':
      return attack.try('listen', fd, 1);
    case 'accept':
      return attack.try('accept', fd, null, null);
    case 'write':
      return attack.sendto(fd, text, 0);
    case 'ask': {
      // RTM_GETLINK for all links, with NLM_F_REQUEST and NLM_F_DUMP.
      const request = Buffer.alloc(32);
      request.writeUInt32LE(32, 0);
      request.writeUInt16LE(18, 4);
      request.writeUInt16LE(0x301, 6);
      const kernel = Buffer.alloc(12);
      kernel.writeUInt16LE(16, 0);
      return attack.sendto(fd, request.toString('latin1'), 0, kernel);
    }
    case 'frame': {
      // A struct sockaddr_ll: any protocol, on the first link, which is loopback.
      const link = Buffer.alloc(20);
      link.writeUInt16LE(17, 0);
      link.writeUInt16BE(0x0800, 2);
      link.writeInt32LE(1, 4);
      link.writeUInt8(6, 11);
      return attack.sendto(fd, text, 0, link);
    }
  }
};

/** A sender that was started before, and so has the network: it sends when a byte comes in. */
const prepare: Prepare<Sender, Form> = async ({ attack, childProcess, events }, { tcp, udp, input }) => {
  const script = `
import array, errno, sys
from socket import *
def connected(type=SOCK_STREAM):
    made = socket(type=type)
    made.connect(('127.0.0.1', ${String(tcp)} if type == SOCK_STREAM else ${String(udp)}))
    return made
line = socket(fileno=3)
line.setblocking(True)
try:
    made = ${input.made}
except OSError as error:
    sys.exit(print(errno.errorcode[error.errno], flush=True))
clients = [create_connection(made.getsockname())] if 'create_server' in """${input.made}""" else []
print('ready', flush=True)
while line.recv(1):
    line.sendmsg([b'x'], [(SOL_SOCKET, SCM_RIGHTS, array.array('i', [made.fileno()]))])
`;
  const sender = childProcess.spawn('/usr/bin/python3', ['-c', script], {
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
  const [line] = (await events.once(sender.stdout as NodeJS.EventEmitter, 'data')) as [Buffer];
  const { fd } = (sender.stdio[3] as unknown as { _handle: { fd: number } })._handle;
  (sender.stdio[3] as unknown as { _handle: { readStop: () => void } })._handle.readStop();
  const receive = (): number => {
    attack.sendto(fd, 'x', 0);
    return attack.receive(fd, 1)[0] ?? -1;
  };
  const answer = line.toString().trim();
  return { failure: answer === 'ready' ? '' : answer, receive };
};

const received = Object.entries(forms).map(([id, input]) =>
  row<Sender, Form>({
    id,
    title: `${input.title}, received after`,
    input,
    limit: 'received-descriptors',
    // The sender of the control has a line of its own, which an event loop reads.
    apart: true,
    ...(['send to', 'connect', 're-aim', 'write'].includes(input.use) ? { wire: true as const } : {}),
    ...(id === 'B01.mptcp' ? { absent: ['EPROTONOSUPPORT', 'ENOPROTOOPT'] } : {}),
    prepare,
    act,
  }),
);

/** Nothing but the Unix socket in which it waits is open when the drop is made. */
const flights: Record<string, [title: string, depth: number]> = {
  'in-flight': ['unread in a Unix socket of the own process', 1],
  'in-flight-nested': ['unread in a Unix socket that itself is unread in another', 2],
};

const inFlight = Object.entries(flights).map(([name, [title, depth]]) =>
  row<number, number>({
    id: `B01.${name}`,
    title: `a UDP socket from before, ${title}`,
    input: depth,
    wire: true,
    limit: 'received-descriptors',
    prepare: ({ attack, AF_INET, AF_UNIX, SOCK_DGRAM, SOCK_STREAM }, { input }) => {
      let waiting = attack.call('socket', AF_INET, SOCK_DGRAM, 0);
      for (let level = 0; level < input; level += 1) {
        const pair = Buffer.alloc(8);
        attack.call('socketpair', AF_UNIX, SOCK_STREAM, 0, pair);
        const [left, right] = [pair.readInt32LE(0), pair.readInt32LE(4)];
        attack.sendmsg(left, 'x', { control: attack.controlMessage(1, 1, attack.int(waiting)) });
        attack.call('close', waiting);
        // The sending end may go: what it has sent stays.
        attack.call('close', left);
        waiting = right;
      }
      return waiting;
    },
    act: ({ attack, inetAddress }, { udp, text, input }, fd) => {
      let found = fd;
      for (let level = 0; level < input; level += 1) found = attack.receive(found, 1)[0] ?? -1;
      return attack.sendto(found, text, 0, inetAddress(udp));
    },
  }),
);

export const receivedRows: Row[] = [...received, ...inFlight];
