// SPDX-License-Identifier: MIT
// D03, D04: namespaces, which hold a network of their own, and modules that a socket has loaded.
import { row, type Row } from '../row';

interface Form {
  title: string;
  how: 'unshare' | 'setns-own' | 'setns-other' | 'setns-other-after' | 'setns-pidfd' | 'clone' | 'clone-user';
  family?: number;
}

const forms: Record<string, Form> = {
  unshare: { title: 'unshare() of the network', how: 'unshare' },
  'unshare-netlink': { title: 'unshare() of the network, for a netlink socket', how: 'unshare', family: 16 },
  'unshare-packet': { title: 'unshare() of the network, for a packet socket', how: 'unshare', family: 17 },
  'setns-own': { title: 'unshare() and setns() back to the namespace opened before', how: 'setns-own' },
  'setns-other': { title: 'setns() to that of another process, opened before', how: 'setns-other' },
  'setns-other-after': { title: 'setns() to that of another process, opened after', how: 'setns-other-after' },
  'setns-pidfd': { title: 'setns() to that of another process by its pidfd', how: 'setns-pidfd' },
  clone: { title: 'clone() into a new network', how: 'clone' },
  'clone-user': { title: 'clone() into a new user namespace and a new network', how: 'clone-user' },
};

interface State {
  own: number;
  pid: number;
  other: number;
  pidfd: number;
}

const entered = Object.entries(forms).map(([name, input]) =>
  row<State, Form>({
    id: `D03.${name}`,
    title: `${input.title}, and a socket in it`,
    input,
    // The control moves the main thread elsewhere.
    apart: true,
    limit: 'privileged-process',
    prepare: async ({ attack, childProcess, events, fs }) => {
      const script = 'echo ready; read line';
      const peer = childProcess.spawn('unshare', ['--net', 'sh', '-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
      await events.once(peer.stdout, 'data');
      const pid = peer.pid ?? -1;
      const open = (of: string): number => fs.openSync(`/proc/${of}/ns/net`, 'r');
      return { own: open('self'), pid, other: open(String(pid)), pidfd: attack.call('pidfd_open', pid, 0) };
    },
    act: ({ attack, fs, syscalls }, { input: { how, family } }, { own, pid, other, pidfd }) => {
      const flag = 0x40000000;
      const type = family === undefined ? 2 : 3;
      const socket = (): string => attack.try('socket', family ?? 2, type, 0);
      switch (how) {
        case 'unshare':
        case 'setns-own': {
          const moved = attack.try('unshare', flag);
          const back = how === 'unshare' ? 'ok' : attack.try('setns', own, flag);
          return moved !== 'ok' ? `unshare: ${moved}` : back === 'ok' ? socket() : `setns: ${back}`;
        }
        case 'setns-other':
        case 'setns-pidfd': {
          const moved = attack.try('setns', how === 'setns-other' ? other : pidfd, flag);
          return moved === 'ok' ? socket() : moved;
        }
        case 'setns-other-after': {
          const moved = attack.try('setns', fs.openSync(`/proc/${String(pid)}/ns/net`, 'r'), flag);
          return moved === 'ok' ? socket() : moved;
        }
        case 'clone':
        case 'clone-user': {
          // CLONE_VM, and CLONE_NEWUSER.
          const process = new syscalls.SharingProcess(0x100 | flag | (how === 'clone' ? 0 : 0x10000000));
          const fd = process.syscall(attack.number.socket, family ?? 2, type, 0);
          process.stop();
          return attack.outcome(fd);
        }
      }
    },
  }),
);

/** What an unprivileged process gets in namespaces of its own: capabilities, and no network. */
const scripts: Record<string, [title: string, code: string]> = {
  socket: ['a socket', 'socket.socket()'],
  packet: ['a packet socket', 'socket.socket(socket.AF_PACKET, 3)'],
  netlink: ['a netlink socket', 'socket.socket(socket.AF_NETLINK, 3)'],
  tap: [
    'a TAP interface',
    'fcntl.ioctl(os.open("/dev/net/tun", 2), 0x400454ca, struct.pack("16sH22x", b"dn%d", 0x1002))',
  ],
};

const unshared = Object.entries(scripts).map(([name, [title, input]]) =>
  row<null, string>({
    id: `D03.user-namespace-${name}`,
    title: `a user namespace of the own, with a network of its own, and ${title} in it`,
    input,
    // Only root opens the device of the last; the namespaces would let anybody attach to it.
    limit: 'privileged-process',
    act: ({ childProcess }, { input: code }) => {
      const script = `
import errno, fcntl, os, socket, struct
if int(open("/proc/self/status").read().split("CapEff:")[1].split()[0], 16) & 0x3000 != 0x3000:
    print("no capabilities")
else:
    try:
        ${code}
        print("ok")
    except OSError as error:
        print(errno.errorcode[error.errno])`;
      const args = ['-Urn', '/usr/bin/python3', '-c', script];
      return childProcess.execFileSync('unshare', args, { encoding: 'utf8' }).trim();
    },
  }),
);

export const namespaceRows: Row[] = [
  ...entered,
  ...unshared,
  // The kernel answers what it is asked about links by any socket (net/core/dev_ioctl.c).
  row<null, null>({
    id: 'D04.link-by-unix-socket',
    title: 'SIOCSIFFLAGS on a Unix socket made after, which sets a link up: it takes a capability',
    launcher: ['unshare', '--net'],
    limit: 'privileged-process',
    act: ({ attack }) => {
      const request = Buffer.alloc(40);
      request.write('lo', 0);
      request.writeUInt16LE(1, 16); // IFF_UP
      return attack.try('ioctl', attack.call('socket', 1, 1, 0), 0x8914, request);
    },
  }),
  row<null, null>({
    id: 'D04.names-by-unix-socket',
    title: 'SIOCGIFNAME on a Unix socket made after, which reads the name of a link and sends nothing',
    kept: true,
    act: ({ attack }) => {
      const request = Buffer.alloc(40);
      request.writeInt32LE(1, 16);
      return attack.try('ioctl', attack.call('socket', 1, 1, 0), 0x8910, request);
    },
  }),
  // socket() asks the security modules before it has a module loaded (__sock_create() in net/socket.c). The
  // setting belongs to the machine: it is changed only where the program that it names is missing.
  row<null, null>({
    id: 'D04.socket-loads-module',
    title: 'a socket of an unknown family, for which the kernel would start modprobe as root',
    absent: ['ENOENT', 'in use'],
    act: async ({ fs, attack, timers }, { folder }) => {
      const setting = '/proc/sys/kernel/modprobe';
      const before = fs.readFileSync(setting, 'utf8').trim();
      if (before !== '' && fs.existsSync(before)) return 'in use';
      const [program, mark] = [`${folder}/modprobe`, `${folder}/mark`];
      fs.rmSync(mark, { force: true });
      fs.writeFileSync(program, `#!/bin/sh\necho "$@" > ${mark}\n`, { mode: 0o755 });
      try {
        fs.writeFileSync(setting, program);
        const answer = attack.try('socket', 9, 2, 0); // AF_X25
        // The kernel waits for the program before it answers.
        await timers.setTimeout(50);
        return fs.existsSync(mark) ? 'ok' : answer;
      } finally {
        fs.writeFileSync(setting, `${before}\n`);
      }
    },
  }),
  row<number, null>({
    id: 'D04.congestion-control',
    title: 'TCP_CONGESTION on a kept connection, which changes how it sends and not whereto',
    kept: true,
    prepare: ({ attack, inetAddress }, { tcp }) => {
      const fd = attack.call('socket', 2, 1, 0);
      attack.connect(fd, inetAddress(tcp));
      return fd;
    },
    act: ({ attack }, _, fd) => attack.setsockopt(fd, 6, 13, Buffer.from('reno\0')),
  }),
];
