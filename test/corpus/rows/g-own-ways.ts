// SPDX-License-Identifier: MIT
// G: ways that are in no list, found by reading the kernel.
import { row, type Row } from '../row';

interface Sharer {
  syscall: (...call: [number, ...(number | bigint | Uint8Array | null)[]]) => number;
}

const shared: Record<string, { flag: number; title: string; limit: 'received-descriptors' | 'unix-peers' }> = {
  'G02.shared-table': {
    flag: 0x400, // CLONE_FILES
    title: 'a socket that a process opens which shares the descriptor table, and no more',
    limit: 'received-descriptors',
  },
  'G03.shared-memory': {
    flag: 0x100, // CLONE_VM
    title: 'a process that shares the memory, and no more, sends on request',
    limit: 'unix-peers',
  },
};

const sharers = Object.entries(shared).map(([id, { flag, title, limit }]) =>
  row<Sharer, number>({
    id,
    title,
    input: flag,
    limit,
    wire: true,
    apart: true,
    prepare: ({ syscalls }, { input }) => {
      const sharer = new syscalls.SharingProcess(input);
      return { syscall: (...call) => sharer.syscall(...call) };
    },
    act: ({ attack, inetAddress, AF_INET, SOCK_DGRAM }, { udp, text, input }, sharer) => {
      const fd = sharer.syscall(attack.number.socket, AF_INET, SOCK_DGRAM, 0);
      const address = inetAddress(udp);
      if (input === 0x400) return attack.sendto(fd, text, 0, address);
      const data = Buffer.from(text);
      return attack.outcome(sharer.syscall(attack.number.sendto, fd, data, data.length, 0, address, address.length));
    },
  }),
);

export const ownWayRows: Row[] = [
  ...sharers,
  row<{ thread: Sharer; fd: number }, null>({
    id: 'G01.own-table',
    title: 'a socket in a thread with a descriptor table of its own',
    wire: true,
    apart: true,
    prepare: ({ attack, syscalls, AF_INET, SOCK_DGRAM }) => {
      const native = new syscalls.NativeThread();
      native.syscall(attack.number.unshare, 0x400); // CLONE_FILES
      const thread: Sharer = { syscall: (...call) => native.syscall(...call) };
      return { thread, fd: native.syscall(attack.number.socket, AF_INET, SOCK_DGRAM, 0) };
    },
    act: ({ attack, inetAddress }, { udp, text }, { thread, fd }) => {
      const [data, address] = [Buffer.from(text), inetAddress(udp)];
      return attack.outcome(thread.syscall(attack.number.sendto, fd, data, data.length, 0, address, address.length));
    },
  }),
  row<null, null>({
    id: 'G05.tracer-inside',
    title: 'a tracer inside turns a call of its tracee into socket() behind the filter',
    programs: ['tracer'],
    act: ({ attack, childProcess }, { programs }) => {
      const { stdout, stderr } = childProcess.spawnSync(programs['tracer'] ?? '', { encoding: 'utf8' });
      if (stdout !== '') return attack.outcome(Number(stdout));
      return /not permitted/.test(stderr) ? 'EPERM' : stderr.trim();
    },
  }),
];
