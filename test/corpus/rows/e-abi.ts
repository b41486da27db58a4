// SPDX-License-Identifier: MIT
// E01 to E03: other ways to say the same to the kernel.
import { row, type Row } from '../row';

/** Of a 64-bit process by int 0x80, whose numbers are those of 32-bit programs. */
const foreign: Record<string, { title: string; args: readonly string[] }> = {
  'int80-socketcall': { title: 'socketcall(SYS_SOCKET) by int 0x80 from a 64-bit process', args: [] },
  'int80-socket': { title: 'socket() by int 0x80 from a 64-bit process', args: ['359'] },
};

const entries = Object.entries(foreign).map(([name, { title, args }]) =>
  row<null, readonly string[]>({
    id: `E01.${name}`,
    title,
    input: args,
    programs: ['int80'],
    act: ({ attack, childProcess }, { programs, input }) => {
      const { signal, stdout } = childProcess.spawnSync(programs['int80'] ?? '', input, { encoding: 'utf8' });
      return signal ?? attack.outcome(Number(stdout));
    },
  }),
);

const program32: Record<string, string> = {
  interrupt: 'a 32-bit program: socket() by int 0x80',
  vdso: "a 32-bit program: socket() by the processor's quick entry (sysenter or syscall)",
};

const programs32 = Object.entries(program32).map(([name, title]) =>
  row<null, string>({
    id: `E01.program32-${name}`,
    title,
    input: name,
    programs: ['program32'],
    act: ({ attack, childProcess }, { programs, input }) => {
      const args = input === 'vdso' ? ['vdso'] : [];
      const { signal, status } = childProcess.spawnSync(programs['program32'] ?? '', args);
      return signal ?? attack.outcome(-(status ?? 0));
    },
  }),
);

interface Place {
  readonly fd: number;
  /** Memory below 4 GiB: x32 has pointers of 32 bits. */
  readonly low: number;
}

/** The numbers of x32 with the bit that marks them; a kernel without x32 answers ENOSYS to all. */
const x32 = Object.entries({ socket: 41, connect: 42, sendto: 44, sendmsg: 518 }).map(([name, number]) =>
  row<Place, number>({
    id: `E02.x32-${name}`,
    title: `${name}() by its number of x32${name === 'socket' ? '' : ', on a UDP socket made before'}`,
    input: number,
    absent: ['ENOSYS'],
    ...(name === 'socket' ? {} : { wire: true as const }),
    prepare: ({ attack, syscalls, AF_INET, SOCK_DGRAM }, { input }) => ({
      fd: input === 41 ? -1 : attack.call('socket', AF_INET, SOCK_DGRAM, 0),
      low: syscalls.syscall(9, 0, 4096, 3, 0x62, -1, 0), // mmap() with MAP_32BIT
    }),
    act: ({ attack, syscalls, inetAddress, openPipe, AF_INET, SOCK_STREAM }, { input, udp, text }, { fd, low }) => {
      const call = (...args: (number | Buffer)[]): string =>
        attack.outcome(syscalls.syscall(0x40000000 | input, ...args));
      const [data, address] = [Buffer.from(text), inetAddress(udp)];
      if (input === 41) return call(AF_INET, SOCK_STREAM, 0);
      if (input === 44) return call(fd, data, data.length, 0, address, address.length);
      if (input === 42) {
        const answer = call(fd, address, address.length);
        return answer === 'ok' ? attack.sendto(fd, text, 0) : answer;
      }
      // struct compat_msghdr, its only compat_iovec, the address and the data.
      const header = Buffer.alloc(36);
      [low + 36, address.length, low + 28, 1].forEach((field, index) => header.writeUInt32LE(field, 4 * index));
      header.writeUInt32LE(low + 36 + address.length, 28);
      header.writeUInt32LE(data.length, 32);
      const [reader, writer] = openPipe(syscalls);
      const bytes = Buffer.concat([header, address, data]);
      attack.call('write', writer, bytes, bytes.length);
      syscalls.syscall(0, reader, low, bytes.length); // read()
      return call(fd, low, 0);
    },
  }),
);

type Call = [name: 'socket' | 'socketpair' | 'listen' | 'bpf', ...args: string[]];

/** `high` is what the kernel cuts off an int; numbers as text, for JSON knows no larger ones. */
const high = (value: number): string => String((1n << 32n) | BigInt(value));

const calls: Record<string, { title: string; call: Call }> = {
  'socket-family': { title: 'the family of socket()', call: ['socket', high(2), '1', '0'] },
  'socket-type': { title: 'the type of socket()', call: ['socket', '2', high(1), '0'] },
  'socket-protocol': { title: 'the protocol of socket()', call: ['socket', '2', '1', high(6)] },
  'socket-all': { title: 'every argument of socket()', call: ['socket', high(2), high(1), high(0)] },
  'socket-negative': {
    title: 'the family of socket(), as a negative 64-bit number',
    call: ['socket', String(-(1n << 32n) + 2n), '1', '0'],
  },
};

const halves = Object.entries(calls).map(([name, { title, call }]) =>
  row<null, Call>({
    id: `E03.${name}`,
    title: `bits above the lower 32 set in ${title}`,
    input: call,
    act: ({ attack }, { input: [which, ...args] }) => attack.try(which, ...args.map(BigInt)),
  }),
);

interface Send {
  title: string;
  call: 'sendto' | 'sendmsg' | 'sendmmsg';
}

const sends: Record<string, Send> = {
  'sendto-fast-open': { call: 'sendto', title: 'the flags of sendto(MSG_FASTOPEN)' },
  'sendmsg-fast-open': { call: 'sendmsg', title: 'the flags of sendmsg(MSG_FASTOPEN)' },
  'sendmmsg-fast-open': { call: 'sendmmsg', title: 'the flags of sendmmsg(MSG_FASTOPEN)' },
};

const fastOpens = Object.entries(sends).map(([name, input]) =>
  row<number, Send>({
    id: `E03.${name}`,
    title: `bits above the lower 32 set in ${input.title}, on a TCP socket made before`,
    input,
    wire: true,
    prepare: ({ attack, AF_INET, SOCK_STREAM }) => attack.call('socket', AF_INET, SOCK_STREAM, 0),
    act: ({ attack, inetAddress, messageHeader, MSG_FASTOPEN }, { input: { call }, tcp, text }, fd) => {
      const flags = (1n << 32n) | BigInt(MSG_FASTOPEN);
      const [data, address] = [Buffer.from(text), inetAddress(tcp)];
      if (call === 'sendto') return attack.try('sendto', fd, data, data.length, flags, address, address.length);
      const header = messageHeader(attack.addressOf, data, address);
      if (call === 'sendmsg') return attack.try('sendmsg', fd, header, flags);
      return attack.try('sendmmsg', fd, Buffer.concat([header.subarray(0, 56), Buffer.alloc(8)]), 1, flags);
    },
  }),
);

const options: Record<string, { title: string; level: string; option: string }> = {
  'setsockopt-level': { title: 'the level', level: high(6), option: '30' },
  'setsockopt-option': { title: 'the option', level: '6', option: high(30) },
};

const fastOpenConnects = Object.entries(options).map(([name, input]) =>
  row<number, (typeof options)[string]>({
    id: `E03.${name}`,
    title: `bits above the lower 32 set in ${input.title} of setsockopt(TCP_FASTOPEN_CONNECT), then connect(), on a TCP socket made before`,
    input,
    wire: true,
    prepare: ({ attack, AF_INET, SOCK_STREAM }) => attack.call('socket', AF_INET, SOCK_STREAM, 0),
    act: ({ attack, inetAddress }, { input: { level, option }, tcp, text }, fd) => {
      const set = attack.try('setsockopt', fd, BigInt(level), BigInt(option), attack.int(1), 4);
      if (set !== 'ok') return set;
      const connected = attack.connect(fd, inetAddress(tcp));
      return connected === 'ok' ? attack.sendto(fd, text, 0) : connected;
    },
  }),
);

export const abiRows: Row[] = [
  ...entries,
  ...programs32,
  ...x32,
  ...halves,
  ...fastOpens,
  ...fastOpenConnects,
  row<null, null>({
    id: 'E03.number',
    title: 'bits above the lower 32 set in the number of the system call',
    act: ({ attack, syscalls, AF_INET, SOCK_STREAM }) => {
      const number = (1n << 32n) | BigInt(attack.number.socket);
      return attack.outcome(syscalls.syscall(number as unknown as number, AF_INET, SOCK_STREAM, 0));
    },
    // Before Linux 5.15 such a number was none.
    absent: ['ENOSYS'],
  }),
];
