// SPDX-License-Identifier: MIT
// D01, D02, D05, D06: asking the kernel, or root through the kernel.
import { row, type Act, type Row } from '../row';

type Key = 'request' | 'request-user' | 'request-high-half' | 'add' | 'read' | 'add-name';

const keys: Record<Key, string> = {
  request: 'request_key() for a name, which starts a resolver as root where there is one',
  'request-user': 'request_key() by nobody for a key of the own, for which the kernel asks its helper as well',
  'request-high-half': 'request_key() with the upper half of the keyring set',
  add: 'add_key() of a key of the own',
  read: 'keyctl() on a key of the own',
  'add-name': 'add_key() of what a resolver would have answered',
};

const keyrings = (Object.keys(keys) as Key[]).map((name) =>
  row<number, Key>({
    id: `D01.${name}`,
    title: keys[name],
    input: name,
    // No such type of key, or no keyrings at all.
    absent: name === 'add-name' ? ['ENODEV', 'ENOSYS'] : ['ENOSYS'],
    ...(name.startsWith('request') ? { limit: 'helpers-of-the-kernel' as const } : { kept: true as const }),
    ...(name === 'request-user' ? { unprivileged: true as const } : {}),
    prepare: ({ attack }) => {
      const [type, name, data] = [Buffer.from('user\0'), Buffer.from('disablenetwork.test\0'), Buffer.from('data')];
      return attack.call('add_key', type, name, data, data.length, -2); // KEY_SPEC_PROCESS_KEYRING
    },
    act: ({ attack }, { input, text }, key) => {
      const [resolver, user] = [Buffer.from('dns_resolver\0'), Buffer.from('user\0')];
      const name = Buffer.from(`${text.replace(/\W/g, '.')}\0`);
      switch (input) {
        case 'add':
          return attack.try('add_key', user, name, name, name.length, -2);
        case 'add-name':
          return attack.try('add_key', resolver, name, Buffer.from('127.0.0.1\0'), 10, -2);
        case 'read':
          return attack.try('keyctl', 11, key, Buffer.alloc(16), 16); // KEYCTL_READ
        case 'request':
        case 'request-user':
        case 'request-high-half': {
          const keyring = input === 'request-high-half' ? 1n << 32n : 0;
          const type = input === 'request' ? resolver : user;
          const answer = attack.try('request_key', type, name, Buffer.from('x\0'), keyring);
          // The kernel has asked for its helper, and there is none here; or it has no such type of key.
          return ['ENOENT', 'EKEYREVOKED', 'Unknown system error -126'].includes(answer) ? 'ok' : answer; // ENOKEY
        }
      }
    },
  }),
);

/** Opened for writing, not written: they belong to the machine. */
const files: Record<string, [path: string, title: string]> = {
  'core-pattern': ['/proc/sys/kernel/core_pattern', 'the helper for core dumps'],
  modprobe: ['/proc/sys/kernel/modprobe', 'the helper that loads modules'],
  'uevent-helper': ['/sys/kernel/uevent_helper', 'the helper for new devices'],
  'poweroff-command': ['/proc/sys/kernel/poweroff_cmd', 'the helper that ends the machine'],
  'network-settings': ['/proc/sys/net/ipv4/ip_forward', 'a setting of the network itself'],
  netconsole: ['/sys/kernel/config/netconsole', 'the kernel’s own messages over UDP'],
  'packet-generator': ['/proc/net/pktgen/pgctrl', 'the kernel’s packet generator'],
  'nvme-fabrics': ['/dev/nvme-fabrics', 'disks over TCP'],
  memory: ['/dev/mem', 'the memory of the machine'],
};

const settings = Object.entries(files).map(([name, [path, title]]) =>
  row<null, string>({
    id: `D02.${name}`,
    title: `opening for writing what only root may: ${title}`,
    input: path,
    absent: ['ENOENT', 'ENODEV', 'ENXIO'],
    limit: 'privileged-process',
    // Its settings of the network are writable there.
    launcher: ['unshare', '--net'],
    act: ({ fs }, { input }) => {
      const isFolder = fs.existsSync(input) && fs.statSync(input).isDirectory();
      fs.closeSync(fs.openSync(input, isFolder ? 'r' : 'r+'));
      return 'ok';
    },
  }),
);

const bpf: Record<string, [title: string, command: 'create' | 'update' | 'run' | 'load', high?: true]> = {
  'bpf-map': ['bpf() to make a map', 'create'],
  'bpf-high-half': ['bpf() with the upper half of the command set', 'create', true],
  'bpf-program': ['bpf() to load a program', 'load'],
  'bpf-inherited-map': ['bpf() on a map made before', 'update'],
  'bpf-inherited-program': ['bpf() to run a program loaded before', 'run'],
};

interface Inherited {
  map: number;
  program: number;
}

/** The `union bpf_attr` of each command, of whose fields a few are needed. */
const actOnBpf: Act<Inherited, [string, boolean]> = ({ attack }, { input: [command, high] }, { map, program }) => {
  const attribute = Buffer.alloc(128);
  const code = Buffer.from('b700000000000000' + '9500000000000000', 'hex'); // r0 = 0; exit
  const [license, value, packet] = [Buffer.from('GPL\0'), Buffer.alloc(8), Buffer.alloc(64)];
  const number = { create: 0, update: 2, load: 5, run: 10 }[command] ?? -1;
  if (command === 'create') [2, 4, 4, 1].forEach((field, index) => attribute.writeUInt32LE(field, index * 4));
  if (command === 'update') {
    attribute.writeUInt32LE(map, 0);
    attribute.writeBigUInt64LE(attack.addressOf(value), 8);
    attribute.writeBigUInt64LE(attack.addressOf(value), 16);
  }
  if (command === 'load') {
    attribute.writeUInt32LE(1, 0); // BPF_PROG_TYPE_SOCKET_FILTER
    attribute.writeUInt32LE(2, 4);
    attribute.writeBigUInt64LE(attack.addressOf(code), 8);
    attribute.writeBigUInt64LE(attack.addressOf(license), 16);
  }
  if (command === 'run') {
    attribute.writeUInt32LE(program, 0);
    attribute.writeUInt32LE(packet.length, 8);
    attribute.writeBigUInt64LE(attack.addressOf(packet), 16);
  }
  return attack.try('bpf', high ? (1n << 32n) | BigInt(number) : number, attribute, attribute.length);
};

const programs = Object.entries(bpf).map(([name, [title, command, high]]) =>
  row<Inherited, [string, boolean]>({
    id: `D05.${name}`,
    title,
    input: [command, high === true],
    limit: 'privileged-process',
    absent: ['ENOSYS'],
    prepare: ({ attack }) => {
      const [map, load] = [Buffer.alloc(72), Buffer.alloc(128)];
      const code = Buffer.from('b700000000000000' + '9500000000000000', 'hex');
      const license = Buffer.from('GPL\0');
      [2, 4, 4, 1].forEach((field, index) => map.writeUInt32LE(field, index * 4));
      load.writeUInt32LE(1, 0);
      load.writeUInt32LE(2, 4);
      load.writeBigUInt64LE(attack.addressOf(code), 8);
      load.writeBigUInt64LE(attack.addressOf(license), 16);
      return { map: attack.call('bpf', 0, map, map.length), program: attack.call('bpf', 5, load, load.length) };
    },
    act: actOnBpf,
  }),
);

const mounts: Record<string, [type: string, options: string]> = {
  nfs: ['nfs', 'addr=127.0.0.1'],
  cifs: ['cifs', 'ip=127.0.0.1,user=x,pass=x'],
  '9p': ['9p', 'trans=tcp,port=1'],
  ceph: ['ceph', 'mon_addr=127.0.0.1:1'],
  afs: ['afs', 'source=%x:x'],
};

const networkMounts = Object.entries(mounts).map(([name, [type, options]]) =>
  row<null, [string, string]>({
    id: `D06.mount-${name}`,
    title: `mounting a file system of the network (${type})`,
    input: [type, options],
    // EINVAL: 9P without a transport over TCP, NFS without its old options.
    absent: ['ENODEV', 'EINVAL'],
    limit: 'privileged-process',
    launcher: ['unshare', '--mount', '--net'],
    act: ({ attack, syscalls }, { folder, input: [kind, data] }) => {
      const [source, target] = [Buffer.from('127.0.0.1\0'), Buffer.from(`${folder}\0`)];
      const number = process.arch === 'arm64' ? 40 : 165;
      const options = Buffer.from(`${data}\0`);
      const answer = attack.outcome(syscalls.syscall(number, source, target, Buffer.from(`${kind}\0`), 0, options));
      // The kernel has made a socket of its own and asked: loopback is down in this namespace.
      return ['ECONNREFUSED', 'ENETUNREACH', 'EHOSTUNREACH', 'ETIMEDOUT'].includes(answer) ? 'ok' : answer;
    },
  }),
);

export const kernelRows: Row[] = [
  ...keyrings,
  ...settings,
  ...programs,
  row<null, null>({
    id: 'D05.perf-event',
    title: 'perf_event_open() on the process itself, which leads to no network',
    kept: true,
    absent: ['ENOSYS'],
    act: ({ attack }) => {
      const event = Buffer.alloc(128);
      event.writeUInt32LE(1, 0); // PERF_TYPE_SOFTWARE
      event.writeUInt32LE(128, 4);
      return attack.try('perf_event_open', event, 0, -1, -1, 0);
    },
  }),
  row<number[], null>({
    id: 'D05.bpf-inherited-program-by-counter',
    title: 'a performance counter from before runs a program of bpf from before, without bpf()',
    // No performance counters, or none that run programs.
    absent: ['ENOSYS', 'EOPNOTSUPP'],
    limit: 'privileged-process',
    prepare: ({ attack }) => {
      const [load, event] = [Buffer.alloc(128), Buffer.alloc(128)];
      const code = Buffer.from('b700000000000000' + '9500000000000000', 'hex'); // r0 = 0; exit
      const license = Buffer.from('GPL\0');
      load.writeUInt32LE(7, 0); // BPF_PROG_TYPE_PERF_EVENT
      load.writeUInt32LE(2, 4);
      load.writeBigUInt64LE(attack.addressOf(code), 8);
      load.writeBigUInt64LE(attack.addressOf(license), 16);
      event.writeUInt32LE(1, 0); // PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_CLOCK
      event.writeUInt32LE(128, 4);
      event.writeBigUInt64LE(1_000_000n, 16); // sample_period
      event.writeUInt32LE(1, 40); // disabled
      return [attack.call('perf_event_open', event, 0, -1, -1, 0), attack.call('bpf', 5, load, load.length)];
    },
    act: ({ attack }, _situation, [counter = -1, program = -1]) => {
      if (counter < 0 || program < 0) return attack.outcome(Math.min(counter, program));
      return attack.try('ioctl', counter, 0x40042408, program); // PERF_EVENT_IOC_SET_BPF
    },
  }),
  row<null, null>({
    id: 'D05.userfaultfd',
    title: 'userfaultfd(), which leads to no network',
    kept: true,
    absent: ['ENOSYS'],
    act: ({ attack }) => attack.try('userfaultfd', 1),
  }),
  ...networkMounts,
  row<null, null>({
    id: 'D06.mount-memory',
    title: 'mounting a file system in memory, which takes root',
    kept: true,
    launcher: ['unshare', '--mount'],
    act: ({ attack, syscalls }, { folder }) => {
      const [name, target] = [Buffer.from('tmpfs\0'), Buffer.from(`${folder}\0`)];
      return attack.outcome(syscalls.syscall(process.arch === 'arm64' ? 40 : 165, name, target, name, 0, null));
    },
  }),
  // The daemon of an automounter asks whomever it likes; here it is this very process.
  row<{ end: number }, null>({
    id: 'D06.automounter',
    title: 'mounting an automounter, whose daemon is whoever holds its pipe',
    absent: ['ENODEV'],
    limit: 'privileged-process',
    launcher: ['unshare', '--mount'],
    prepare: ({ openPipe, syscalls }) => ({ end: openPipe(syscalls)[1] }),
    act: ({ attack, syscalls }, { folder }, { end }) => {
      const [name, target] = [Buffer.from('autofs\0'), Buffer.from(`${folder}\0`)];
      const group = syscalls.syscall(process.arch === 'arm64' ? 155 : 121, 0); // getpgid
      const options = Buffer.from(`fd=${String(end)},pgrp=${String(group)},minproto=5,maxproto=5,indirect\0`);
      return attack.outcome(syscalls.syscall(process.arch === 'arm64' ? 40 : 165, name, target, name, 0, options));
    },
  }),
];
