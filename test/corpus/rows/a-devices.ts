// SPDX-License-Identifier: MIT
// A17: devices that are a network by themselves.
import { row, type Act, type Row } from '../row';

interface Form {
  title: string;
  /** What is done before the drop. */
  before: 'nothing' | 'open' | 'attach' | 'open path' | 'attach in flight' | 'open by other name' | 'persist';
  /** The upper half of an argument that the kernel takes 32 bits of. */
  high?: true;
  limit?: 'privileged-process' | 'received-descriptors';
}

const privileged = { limit: 'privileged-process' } as const;
const forms: Record<string, Form> = {
  'tap-attached': { title: 'a TAP interface from before, to write a frame to', before: 'attach' },
  'tap-open': { title: 'a TUN device that was opened before, to attach to an interface', before: 'open' },
  'tap-open-high-half': {
    title: 'a TUN device that was opened before, to attach with the upper half of the request set',
    before: 'open',
    high: true,
  },
  'tap-other-name': { title: 'a TUN device opened before by a file of another name', before: 'open by other name' },
  'tap-path': {
    title: 'a TUN device opened before as a path alone, and anew after',
    before: 'open path',
    ...privileged,
  },
  'tap-after': { title: 'a TUN device opened after', before: 'nothing', ...privileged },
  'tap-after-high-half': {
    title: 'a TUN device opened after, with the upper half of the request set',
    before: 'nothing',
    high: true,
    ...privileged,
  },
  'tap-persistent': { title: 'a persistent TAP interface from before, opened after', before: 'persist', ...privileged },
  'tap-in-flight': {
    title: 'a TAP interface that is unread in a Unix socket of the own process',
    before: 'attach in flight',
    limit: 'received-descriptors',
  },
};

const attaches: Act<number[], Form> = ({ attack, fs }, { input }, [fd = -1]) => {
  const request = Buffer.alloc(40);
  request.write(input.before === 'persist' ? 'dnkept' : 'dntest%d', 0);
  request.writeUInt16LE(0x1002, 16); // IFF_TAP | IFF_NO_PI
  const number = input.high ? (1n << 32n) | 0x400454can : 0x400454ca;
  const frame = Buffer.alloc(60, 1);
  let device = fd;
  switch (input.before) {
    case 'attach in flight':
      return attack.try('write', attack.receive(fd, 1)[0] ?? -1, frame, frame.length);
    case 'attach':
      return attack.try('write', fd, frame, frame.length);
    case 'open path':
      device = fs.openSync(`/proc/self/fd/${String(fd)}`, 'r+');
      break;
    case 'nothing':
    case 'persist':
      device = fs.openSync('/dev/net/tun', 'r+');
  }
  return attack.try('ioctl', device, number, request);
};

const interfaces = Object.entries(forms).map(([name, { title, limit, ...form }]) =>
  row<number[], Form>({
    id: `A17.${name}`,
    title,
    input: { title, ...form },
    ...(limit === undefined ? {} : { limit }),
    // An interface of its own, in a namespace of its own.
    launcher: ['unshare', '--net'],
    apart: true,
    prepare: ({ attack, childProcess, fs, AF_INET, SOCK_DGRAM }, { folder, input: { before } }) => {
      const request = Buffer.alloc(40);
      request.write(before === 'persist' ? 'dnkept' : 'dntest', 0);
      request.writeUInt16LE(0x1002, 16);
      if (before === 'nothing') return [];
      if (before === 'open path') return [attack.call('openat', -100, Buffer.from('/dev/net/tun\0'), 0x200000, 0)];
      if (before === 'open by other name') {
        childProcess.execFileSync('mknod', [`${folder}/file${String(process.pid)}`, 'c', '10', '200']);
        return [fs.openSync(`${folder}/file${String(process.pid)}`, 'r+')];
      }
      const fd = fs.openSync('/dev/net/tun', 'r+');
      if (before === 'open') return [fd];
      attack.call('ioctl', fd, 0x400454ca, request);
      if (before === 'persist') {
        attack.call('ioctl', fd, 0x400454cb, 1); // TUNSETPERSIST
        attack.call('close', fd);
        return [];
      }
      // An interface that is down takes no frame: SIOCSIFFLAGS with IFF_UP.
      const socket = attack.call('socket', AF_INET, SOCK_DGRAM, 0);
      request.writeUInt16LE(1, 16);
      attack.call('ioctl', socket, 0x8914, request);
      attack.call('close', socket);
      if (before === 'attach') return [fd];
      const pair = Buffer.alloc(8);
      attack.call('socketpair', 1, 1, 0, pair);
      attack.sendmsg(pair.readInt32LE(0), 'x', { control: attack.controlMessage(1, 1, attack.int(fd)) });
      attack.call('close', fd);
      return [pair.readInt32LE(4)];
    },
    act: attaches,
  }),
);

/** Each is opened before and asked for what makes it a network, or opened after. */
const devices: Record<string, [path: string, request: number, title: string]> = {
  'vhost-net': ['/dev/vhost-net', 0xaf01, 'vhost-net, the network of virtual machines'],
  'vhost-vsock': ['/dev/vhost-vsock', 0xaf01, 'vhost-vsock'],
  ppp: ['/dev/ppp', 0xc004743e, 'PPP'],
};

const others = Object.entries(devices).flatMap(([name, [path, request, title]]) =>
  ['before', 'after'].map((when) =>
    row<number | string, { path: string; request: number; when: string }>({
      id: `A17.${name}-${when}`,
      title: `${title}, opened ${when}`,
      input: { path, request, when },
      // There is no such file, or no driver behind it.
      absent: ['ENOENT', 'ENODEV', 'ENXIO'],
      limit: 'privileged-process',
      launcher: ['unshare', '--net'],
      apart: true,
      prepare: ({ fs }, { input }) => {
        try {
          return input.when === 'before' ? fs.openSync(input.path, 'r+') : 'after';
        } catch (error) {
          return String((error as { code?: unknown }).code);
        }
      },
      act: ({ attack, fs }, { input }, state) => {
        if (typeof state === 'string' && state !== 'after') return state;
        const fd = typeof state === 'number' ? state : fs.openSync(input.path, 'r+');
        return attack.try('ioctl', fd, input.request, attack.int(-1));
      },
    }),
  ),
);

/** Of the user to whom an administrator gives it, as for a virtual machine; or of root. */
const linked = Object.entries({ user: 'without any privilege', root: 'by root' }).map(([who, title]) =>
  row<string, string>({
    id: `A17.macvtap-after-${who}`,
    title: `a macvtap that is there, opened after ${title}, to write a frame to`,
    input: who,
    // This kernel knows no macvtap, or there is no ip to make one.
    absent: ['EOPNOTSUPP', 'ENOENT'],
    limit: 'network-devices',
    launcher: ['unshare', '--net'],
    apart: true,
    prepare: ({ attack, childProcess, fs }, { input }) => {
      const index = 1_000_000 + process.pid;
      const path = `/dev/tap${String(index)}`;
      const commands = [
        'link add va type veth peer name vb',
        `link add link va name vt index ${String(index)} type macvtap mode bridge`,
        ...['va', 'vb', 'vt'].map((name) => `link set ${name} up`),
      ];
      for (const command of commands) {
        const { error, status } = childProcess.spawnSync('ip', command.split(' '), { stdio: 'ignore' });
        if (error !== undefined) return 'ENOENT';
        if (status !== 0) return 'EOPNOTSUPP';
      }
      if (input === 'root') return path;
      fs.chmodSync(path, 0o666);
      process.setgroups?.([]);
      process.setgid?.(65534);
      process.setuid?.(65534);
      attack.call('prctl', 4, 1, 0, 0, 0); // PR_SET_DUMPABLE: /proc/self belongs to this user.
      return path;
    },
    act: ({ attack, fs }, _situation, path) => {
      if (!path.startsWith('/dev/')) return path;
      // Behind 10 bytes of the virtual card's header.
      const frame = Buffer.concat([Buffer.alloc(10), Buffer.alloc(60, 0xff)]);
      return attack.try('write', fs.openSync(path, 'r+'), frame, frame.length);
    },
  }),
);

export const deviceRows: Row[] = [...interfaces, ...others, ...linked];
