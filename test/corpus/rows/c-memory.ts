// SPDX-License-Identifier: MIT
// B03, C02: the memory and the descriptors of a process that has the network. It sends what an attacker
// has written into its memory (../../support/programs/puppet.c).
import { row, type Row } from '../row';

type Way =
  | 'process_vm_writev'
  | 'process_vm_writev-high-half'
  | 'memory'
  | 'memory-of-task'
  | 'memory-by-folder'
  | 'memory-in-child';

interface Puppet {
  pid: number;
  address: number;
  /** Of a descriptor on its folder in /proc. */
  folder: number;
}

interface CallingThread {
  syscall: (...call: [number, ...(number | bigint | Uint8Array | null)[]]) => number;
}

const writes: Record<Way, string> = {
  process_vm_writev: 'process_vm_writev()',
  'process_vm_writev-high-half': 'process_vm_writev() with the upper half of the pid set, which the kernel ignores',
  memory: '/proc/PID/mem, opened after',
  'memory-of-task': '/proc/PID/task/TID/mem, opened after',
  'memory-by-folder': '/proc/PID/mem, opened after by a descriptor on /proc/PID from before',
  'memory-in-child': '/proc/PID/mem, opened by a child that is started after',
};

const written = (Object.keys(writes) as Way[]).map((way) =>
  row<Puppet, Way>({
    id: `C02.${way}`,
    title: `writing into the memory of another process: ${writes[way]}`,
    input: way,
    wire: true,
    limit: 'process-memory-files',
    programs: ['puppet'],
    prepare: async ({ fs, startPeer }, { programs: { puppet = '' }, udp }) => {
      const { pid, line } = await startPeer(puppet, String(udp));
      const folder = fs.openSync(`/proc/${String(pid)}`, fs.constants.O_DIRECTORY);
      return { pid, address: Number(line.split(' ')[0]), folder };
    },
    act: ({ attack, childProcess, fs }, { input, text }, { pid, address, folder }) => {
      const data = Buffer.from(text);
      const vector = (at: bigint): Buffer => {
        const buffer = Buffer.alloc(16);
        buffer.writeBigUInt64LE(at, 0);
        buffer.writeBigUInt64LE(BigInt(data.length), 8);
        return buffer;
      };
      if (input.startsWith('process_vm_writev')) {
        const target = input === 'process_vm_writev' ? BigInt(pid) : (1n << 32n) | BigInt(pid);
        const own = vector(attack.addressOf(data));
        return attack.try('process_vm_writev', target, own, 1, vector(BigInt(address)), 1, 0);
      }
      if (input === 'memory-in-child') {
        const code = `const [path, text, address] = process.argv.slice(1);
          try {
            const fs = require('node:fs');
            fs.writeSync(fs.openSync(path, 'r+'), text, Number(address));
            console.log('ok');
          } catch ({ code }) {
            console.log(code);
          }`;
        const args = ['-e', code, `/proc/${String(pid)}/mem`, text, String(address)];
        return childProcess.execFileSync(process.execPath, args, { encoding: 'utf8' }).trim();
      }
      if (input === 'memory-by-folder') {
        const fd = attack.call('openat', folder, Buffer.from('mem\0'), 2, 0);
        return fd < 0 ? attack.outcome(fd) : attack.try('pwrite64', fd, data, data.length, address);
      }
      const task = input === 'memory-of-task' ? `task/${String(pid)}/` : '';
      fs.writeSync(fs.openSync(`/proc/${String(pid)}/${task}mem`, 'r+'), data, 0, data.length, address);
      return 'ok';
    },
  }),
);

const looks: Record<string, string> = {
  readv: 'process_vm_readv() of its memory',
  kcmp: 'kcmp() of its descriptors',
};

const looked = Object.entries(looks).map(([name, title]) =>
  row<number[], string>({
    id: `C02.${name}`,
    title,
    input: name,
    programs: ['puppet'],
    prepare: async ({ startPeer }, { programs: { puppet = '' }, udp }) => {
      const { pid, line } = await startPeer(puppet, String(udp));
      return [pid, Number(line.split(' ')[0])];
    },
    act: ({ attack }, { input }, [pid = -1, address = 0]) => {
      if (input === 'kcmp') return attack.try('kcmp', process.pid, pid, 0, 0, 0);
      const [own, other] = [Buffer.alloc(8), Buffer.alloc(16)];
      const vector = Buffer.alloc(16);
      vector.writeBigUInt64LE(attack.addressOf(own), 0);
      vector.writeBigUInt64LE(8n, 8);
      other.writeBigUInt64LE(BigInt(address), 0);
      other.writeBigUInt64LE(8n, 8);
      return attack.try('process_vm_readv', pid, vector, 1, other, 1, 0);
    },
  }),
);

const getfd: Record<string, string> = {
  getfd: 'pidfd_getfd() of a socket of another process, by a pidfd made after',
  'getfd-old-pidfd': 'pidfd_getfd() of a socket of another process, by a pidfd made before',
};

const stolen = Object.entries(getfd).map(([name, title]) =>
  row<number[], boolean>({
    id: `B03.${name}`,
    title,
    input: name === 'getfd',
    wire: true,
    programs: ['puppet'],
    prepare: async ({ attack, startPeer }, { programs: { puppet = '' }, udp }) => {
      const { pid, line } = await startPeer(puppet, String(udp));
      return [pid, Number(line.split(' ')[1]), attack.call('pidfd_open', pid, 0)];
    },
    act: ({ attack }, { text, input: anew }, [pid = -1, theirs = -1, old = -1]) => {
      const fd = attack.call('pidfd_getfd', anew ? attack.call('pidfd_open', pid, 0) : old, theirs, 0);
      return fd < 0 ? attack.outcome(fd) : attack.sendto(fd, text, 0);
    },
  }),
);

export const memoryRows: Row[] = [
  ...written,
  ...looked,
  ...stolen,
  row<number[], null>({
    id: 'C02.memory-opened-before',
    title: '/proc/PID/mem of another process, opened before and written after',
    wire: true,
    programs: ['puppet'],
    prepare: async ({ fs, startPeer }, { programs: { puppet = '' }, udp }) => {
      const { pid, line } = await startPeer(puppet, String(udp));
      return [fs.openSync(`/proc/${String(pid)}/mem`, 'r+'), Number(line.split(' ')[0])];
    },
    act: ({ fs }, { text }, [fd = -1, address = 0]) => {
      const data = Buffer.from(text);
      fs.writeSync(fd, data, 0, data.length, address);
      return 'ok';
    },
  }),
  row<number[], null>({
    id: 'C02.memory-in-own-table',
    title: '/proc/PID/mem of another process, opened before by a thread with a descriptor table of its own',
    wire: true,
    apart: true,
    programs: ['puppet'],
    prepare: async ({ attack, startPeer, syscalls }, { programs: { puppet = '' }, udp }) => {
      const { pid, line } = await startPeer(puppet, String(udp));
      const thread = new syscalls.NativeThread();
      Object.assign(globalThis, { threadWithMemory: thread });
      thread.syscall(attack.number.unshare, 0x400); // CLONE_FILES
      const path = Buffer.from(`/proc/${String(pid)}/mem\0`);
      return [thread.syscall(attack.number.openat, -100, path, 2, 0), Number(line.split(' ')[0])];
    },
    act: ({ attack }, { text }, [fd = -1, address = 0]) => {
      const { threadWithMemory: thread } = globalThis as unknown as { threadWithMemory: CallingThread };
      const data = Buffer.from(text);
      return attack.outcome(thread.syscall(attack.number.pwrite64, fd, data, data.length, address));
    },
  }),
  row<number[], null>({
    id: 'C02.memory-mounted-elsewhere',
    title: '/proc/PID/mem of another process, opened before by another name that it is mounted at',
    wire: true,
    apart: true,
    launcher: ['unshare', '--mount'],
    programs: ['puppet'],
    prepare: async ({ childProcess, fs, startPeer }, { folder, programs: { puppet = '' }, udp }) => {
      const { pid, line } = await startPeer(puppet, String(udp));
      const path = `${folder}/comm${String(process.pid)}`;
      fs.writeFileSync(path, '');
      childProcess.execFileSync('mount', ['--bind', `/proc/${String(pid)}/mem`, path]);
      return [fs.openSync(path, 'r+'), Number(line.split(' ')[0])];
    },
    act: ({ fs }, { text }, [fd = -1, address = 0]) => {
      const data = Buffer.from(text);
      fs.writeSync(fd, data, 0, data.length, address);
      return 'ok';
    },
  }),
  // Landlock does not see process_madvise() of who holds CAP_PERFMON (mm_access() in kernel/fork.c);
  // all that it can do to another process are hints about its pages.
  row<number[], null>({
    id: 'C02.madvise',
    title: 'process_madvise() of its memory, which gives hints about pages and writes nothing',
    limit: 'privileged-process',
    programs: ['puppet'],
    prepare: async ({ attack, startPeer }, { programs: { puppet = '' }, udp }) => {
      const { pid, line } = await startPeer(puppet, String(udp));
      return [attack.call('pidfd_open', pid, 0), Number(line.split(' ')[0])];
    },
    act: ({ attack }, _situation, [pidfd = -1, address = 0]) => {
      const vector = Buffer.alloc(16);
      vector.writeBigUInt64LE(BigInt(address), 0);
      vector.writeBigUInt64LE(4096n, 8);
      return attack.try('process_madvise', pidfd, vector, 1, 20, 0); // MADV_COLD
    },
  }),
  row<number, null>({
    id: 'C02.descriptor-of-pipe',
    title: 'a pipe that another process takes requests from, opened by /proc/PID/fd',
    wire: true,
    limit: 'unix-peers',
    prepare: async ({ startPeer }, { udp }) => {
      const script = `
import os, socket, sys
reading, writing = os.pipe()
print(writing, flush=True)
request = os.read(reading, 4096)
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(request, ('127.0.0.1', int(sys.argv[1])))
`;
      const { pid, line } = await startPeer('/usr/bin/python3', '-c', script, String(udp));
      Object.assign(globalThis, { pipeOfPeer: Number(line) });
      return pid;
    },
    act: ({ fs }, { text }, pid) => {
      const { pipeOfPeer } = globalThis as unknown as { pipeOfPeer: number };
      fs.writeSync(fs.openSync(`/proc/${String(pid)}/fd/${String(pipeOfPeer)}`, 'w'), text);
      return 'ok';
    },
  }),
  row<number, null>({
    id: 'C02.root-of-other-mounts',
    title: 'a named pipe that only exists in the mount namespace of a shell, opened by /proc/PID/root',
    wire: true,
    limit: 'unix-peers',
    prepare: async ({ startPeer }) => {
      const script = 'mount -t tmpfs none /mnt && mkfifo /mnt/pipe && echo ready && exec bash /mnt/pipe';
      return (await startPeer('unshare', '--mount', 'bash', '-c', script)).pid;
    },
    act: ({ fs, shellCommand }, situation, pid) => {
      fs.writeFileSync(`/proc/${String(pid)}/root/mnt/pipe`, `${shellCommand(situation)}\n`);
      return 'ok';
    },
  }),
];
