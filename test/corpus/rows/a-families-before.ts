// SPDX-License-Identifier: MIT
// A10, A11: sockets of other families that were made before the drop, used after it.
import { row, type Row } from '../row';

interface Bindable {
  family: number;
  type: number;
  protocol: number;
  /** The address that it is bound to, in hexadecimal digits. */
  address: string;
}

const withoutFamily = { absent: ['EAFNOSUPPORT', 'EPROTONOSUPPORT', 'ESOCKTNOSUPPORT'] };

const bindable: Record<string, [title: string, form: Bindable]> = {
  // Any CID, any port.
  'vsock-bind': ['AF_VSOCK', { family: 40, type: 1, protocol: 0, address: '28000000ffffffffffffffff00000000' }],
  alg: [
    'AF_ALG',
    {
      family: 38,
      type: 5,
      protocol: 0,
      address:
        '2600' +
        Buffer.from('hash').toString('hex').padEnd(44, '0') +
        Buffer.from('sha256').toString('hex').padEnd(128, '0'),
    },
  ],
  // HCI_DEV_NONE; any interface; a service range of the node; any port of the loopback address.
  bluetooth: ['AF_BLUETOOTH', { family: 31, type: 3, protocol: 1, address: '1f00ffff0000' }],
  can: ['AF_CAN', { family: 29, type: 3, protocol: 1, address: '1d00'.padEnd(48, '0') }],
  tipc: ['AF_TIPC', { family: 30, type: 4, protocol: 0, address: '1e000103' + 'e8030000' + '01000000' + '01000000' }],
  rds: ['AF_RDS', { family: 21, type: 5, protocol: 0, address: '0200' + '1f90' + '7f000001' + '00'.repeat(8) }],
};

const bound: Row[] = Object.entries(bindable).map(([name, [title, input]]) =>
  row<number, Bindable>({
    id: `A11.${name}-before`,
    title: `bind() of an ${title} socket made before`,
    input,
    prepare: ({ attack }, { input: { family, type, protocol } }) => attack.call('socket', family, type, protocol),
    act: ({ attack }, { input: { address } }, fd) =>
      fd < 0 ? attack.outcome(fd) : attack.bind(fd, Buffer.from(address, 'hex')),
    ...withoutFamily,
  }),
);

const raw: Row[] = [
  row<number, null>({
    id: 'A11.raw-before',
    title: 'sendto() of a UDP packet by a raw IPv4 socket made before',
    wire: true,
    prepare: ({ attack, AF_INET, SOCK_RAW }) => attack.call('socket', AF_INET, SOCK_RAW, 17),
    act: ({ attack, inetAddress }, { udp, text }, fd) => {
      // Source port, port, length, no checksum.
      const packet = Buffer.concat([Buffer.alloc(8), Buffer.from(text)]);
      [9, udp, packet.length].forEach((value, index) => packet.writeUInt16BE(value, index * 2));
      const address = inetAddress(0);
      return attack.try('sendto', fd, packet, packet.length, 0, address, address.length);
    },
  }),
  row<number, null>({
    id: 'A11.raw6-before',
    title: 'sendto() of a UDP packet by a raw IPv6 socket made before',
    wire: true,
    prepare: ({ attack, AF_INET6, SOCK_RAW }) => {
      const fd = attack.call('socket', AF_INET6, SOCK_RAW, 17);
      // IPV6_CHECKSUM: the kernel fills it in, at this place.
      attack.setsockopt(fd, 41, 7, attack.int(6));
      return fd;
    },
    act: ({ attack, inetAddress }, { udp, text }, fd) => {
      const packet = Buffer.concat([Buffer.alloc(8), Buffer.from(text)]);
      [9, udp, packet.length].forEach((value, index) => packet.writeUInt16BE(value, index * 2));
      const address = inetAddress(0, '::1');
      return attack.try('sendto', fd, packet, packet.length, 0, address, address.length);
    },
  }),
  row<number, null>({
    id: 'A11.raw-header-before',
    title: 'write() of a whole IPv4 packet to any address by a raw socket that was connected before',
    wire: true,
    prepare: ({ attack, inetAddress, AF_INET, SOCK_RAW }) => {
      const fd = attack.call('socket', AF_INET, SOCK_RAW, 255);
      // Another address of the loopback interface than the one that the packet names.
      attack.connect(fd, inetAddress(0, '127.0.0.2'));
      return fd;
    },
    act: ({ attack }, { udp, text }, fd) => {
      const header = Buffer.from('4500000000000000' + '40110000' + '7f000001' + '7f000001', 'hex');
      const packet = Buffer.concat([header, Buffer.alloc(8), Buffer.from(text)]);
      [9, udp, packet.length - 20].forEach((value, index) => packet.writeUInt16BE(value, 20 + index * 2));
      return attack.try('write', fd, packet, packet.length);
    },
  }),
  row<number, null>({
    id: 'A11.raw-header-option-before',
    title: 'IP_HDRINCL on a raw socket that was connected before, then write() of a packet to any address',
    wire: true,
    prepare: ({ attack, inetAddress, AF_INET, SOCK_RAW }) => {
      const fd = attack.call('socket', AF_INET, SOCK_RAW, 17);
      attack.connect(fd, inetAddress(0, '127.0.0.2'));
      return fd;
    },
    act: ({ attack }, { udp, text }, fd) => {
      const option = attack.setsockopt(fd, 0, 3, attack.int(1));
      if (option !== 'ok') return option;
      const header = Buffer.from('4500000000000000' + '40110000' + '7f000001' + '7f000001', 'hex');
      const packet = Buffer.concat([header, Buffer.alloc(8), Buffer.from(text)]);
      [9, udp, packet.length - 20].forEach((value, index) => packet.writeUInt16BE(value, 20 + index * 2));
      return attack.try('write', fd, packet, packet.length);
    },
  }),
  ...Object.entries({ ping: 2, ping6: 10 }).map(([name, family]) =>
    row<number, { family: number }>({
      id: `A11.${name}-before`,
      title: `an echo request by a ping socket of IPv${family === 2 ? '4' : '6'} made before`,
      input: { family },
      // Who may have one is a setting of the network, so this has a network of its own.
      launcher: ['unshare', '--net'],
      prepare: ({ attack, fs, AF_INET, SOCK_DGRAM }, { input }) => {
        fs.writeFileSync('/proc/sys/net/ipv4/ping_group_range', '0 2147483647');
        // SIOCSIFFLAGS: IFF_UP on lo.
        const request = Buffer.alloc(40);
        request.write('lo');
        request.writeUInt16LE(1, 16);
        const fd = attack.call('socket', AF_INET, SOCK_DGRAM, 0);
        attack.call('ioctl', fd, 0x8914, request);
        attack.call('close', fd);
        return attack.call('socket', input.family, SOCK_DGRAM, input.family === 2 ? 1 : 58);
      },
      act: ({ attack, inetAddress }, { input }, fd) => {
        const packet = Buffer.alloc(16);
        packet[0] = input.family === 2 ? 8 : 128;
        const address = inetAddress(0, input.family === 2 ? '127.0.0.1' : '::1');
        return attack.try('sendto', fd, packet, packet.length, 0, address, address.length);
      },
    }),
  ),
];

const link: Row[] = [
  row<number, null>({
    id: 'A10.sock-packet-before',
    title: 'sendto() by a SOCK_PACKET socket made before, to an address that claims to be AF_UNIX',
    prepare: ({ attack, AF_INET }) => attack.call('socket', AF_INET, 10, 0x0300),
    act: ({ attack, AF_UNIX }, _situation, fd) => {
      const address = Buffer.alloc(16);
      address.writeUInt16LE(AF_UNIX, 0);
      address.write('lo', 2);
      return attack.sendto(fd, 'x'.repeat(60), 0, address);
    },
  }),
  ...Object.entries({ 'packet-raw': 3, 'packet-datagram': 2 }).map(([name, type]) =>
    row<number, { type: number }>({
      id: `A11.${name}-before`,
      title: `sendto() by an AF_PACKET socket made before (${type === 3 ? 'SOCK_RAW' : 'SOCK_DGRAM'})`,
      input: { type },
      prepare: ({ attack }, { input }) => attack.call('socket', 17, input.type, 0),
      // AF_PACKET, a protocol number for experiments, interface 1 (lo).
      act: ({ attack }, _situation, fd) =>
        attack.sendto(fd, 'x'.repeat(60), 0, Buffer.from('1100' + '88b5' + '01000000' + '00'.repeat(12), 'hex')),
    }),
  ),
  row<number, null>({
    id: 'A11.packet-write-before',
    title: 'write() by an AF_PACKET socket that was bound to an interface before: the frame names the receiver',
    prepare: ({ attack }) => {
      const fd = attack.call('socket', 17, 3, 0);
      attack.bind(fd, Buffer.from('1100' + '0000' + '01000000' + '00'.repeat(12), 'hex'));
      return fd;
    },
    act: ({ attack }, _situation, fd) => attack.try('write', fd, Buffer.alloc(60), 60),
  }),
];

const others: Row[] = [
  row<number, null>({
    id: 'A11.netlink-sendto-before',
    title: 'a request with an address to the kernel by a netlink socket made before',
    prepare: ({ attack }) => attack.call('socket', 16, 3, 0),
    act: ({ attack }, _situation, fd) => {
      // RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, and an empty struct ifinfomsg.
      const request = Buffer.from('20000000' + '1200' + '0103' + '01000000' + '00'.repeat(20), 'hex');
      const address = Buffer.from('10'.padEnd(24, '0'), 'hex');
      return attack.try('sendto', fd, request, request.length, 0, address, address.length);
    },
  }),
  row<number, null>({
    id: 'A11.netlink-write-before',
    title: 'a request without an address, and so to the kernel, by a netlink socket made before',
    // What the kernel does on request depends on capabilities.
    limit: 'privileged-process',
    prepare: ({ attack }) => attack.call('socket', 16, 3, 0),
    act: ({ attack }, _situation, fd) => {
      const request = Buffer.from('20000000' + '1200' + '0103' + '01000000' + '00'.repeat(20), 'hex');
      return attack.try('write', fd, request, request.length);
    },
  }),
  row<number, null>({
    id: 'A11.netlink-bind-before',
    title: 'a netlink socket made before, bound to the news of interfaces and addresses',
    prepare: ({ attack }) => attack.call('socket', 16, 3, 0),
    act: ({ attack }, _situation, fd) => attack.bind(fd, Buffer.from('10000000' + '00000000' + '11010000', 'hex')),
  }),
  row<number, null>({
    id: 'A11.vsock-listen-before',
    title: 'listen() on an AF_VSOCK socket that was bound before',
    ...withoutFamily,
    prepare: ({ attack }) => {
      const fd = attack.call('socket', 40, 1, 0);
      if (fd >= 0) attack.bind(fd, Buffer.from('28000000ffffffffffffffff00000000', 'hex'));
      return fd;
    },
    act: ({ attack }, _situation, fd) => (fd < 0 ? attack.outcome(fd) : attack.try('listen', fd, 1)),
  }),
  row<{ fd: number; peer: Buffer }, null>({
    id: 'A11.vsock-connect-before',
    title: 'connect() on an AF_VSOCK socket made before, to a listener of this machine',
    absent: [...withoutFamily.absent, 'EADDRNOTAVAIL'],
    prepare: ({ attack }) => {
      // VMADDR_CID_LOCAL, any port: where it cannot be bound, connect() would ask the hypervisor.
      const peer = Buffer.from('28000000ffffffff0100000000000000', 'hex');
      const listener = attack.call('socket', 40, 1, 0);
      if (listener < 0) return { fd: listener, peer };
      const bound = attack.call('bind', listener, peer, peer.length);
      if (bound < 0) return { fd: bound, peer };
      attack.call('listen', listener, 1);
      attack.call('getsockname', listener, peer, attack.int(16));
      return { fd: attack.call('socket', 40, 1, 0), peer };
    },
    act: ({ attack }, _situation, { fd, peer }) => (fd < 0 ? attack.outcome(fd) : attack.connect(fd, peer)),
  }),
  row<number, null>({
    id: 'A11.smc-before',
    title: 'connect() on an AF_SMC socket made before, which falls back to TCP',
    wire: true,
    ...withoutFamily,
    prepare: ({ attack, SOCK_STREAM }) => attack.call('socket', 43, SOCK_STREAM, 0),
    act: ({ attack, inetAddress }, { tcp, text }, fd) => {
      if (fd < 0) return attack.outcome(fd);
      const connected = attack.connect(fd, inetAddress(tcp));
      return connected === 'ok' ? attack.sendto(fd, text, 0) : connected;
    },
  }),
];

export const familyBeforeRows: Row[] = [...raw, ...link, ...bound, ...others];
