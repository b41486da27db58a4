// SPDX-License-Identifier: MIT
// What an attacker has who runs native code in the process: raw system calls, answered by name.
import { getSystemErrorName } from 'node:util';

import type { DisableNetworkOptions, Receipt, ResidualId } from '../../lib/types';
import { RUN_PROGRAM, type Argument, type SyscallAddon } from './syscall-addon';
import { SYS as basic, messageHeader } from './system-calls';

const x64 = {
  write: 1,
  pipe2: 293,
  dup: 32,
  recvmsg: 47,
  shutdown: 48,
  getsockname: 51,
  getsockopt: 55,
  fork: 57,
  kill: 62,
  fcntl: 72,
  prctl: 157,
  add_key: 248,
  keyctl: 250,
  splice: 275,
  epoll_pwait: 281,
  epoll_create1: 291,
  perf_event_open: 298,
  process_vm_readv: 310,
  seccomp: 317,
  memfd_create: 319,
  userfaultfd: 323,
  io_setup: 206,
  io_getevents: 208,
  io_submit: 209,
  openat: 257,
  clone3: 435,
  process_madvise: 440,
  landlock_create_ruleset: 444,
  landlock_restrict_self: 446,
  rt_sigqueueinfo: 129,
  tgkill: 234,
  pwrite64: 18,
  wait4: 61,
  pidfd_send_signal: 424,
} as const;

const arm64: Record<keyof typeof x64, number> = {
  write: 64,
  pipe2: 59,
  dup: 23,
  recvmsg: 212,
  shutdown: 210,
  getsockname: 204,
  getsockopt: 209,
  fork: -1,
  kill: 129,
  fcntl: 25,
  prctl: 167,
  add_key: 217,
  keyctl: 219,
  splice: 76,
  epoll_pwait: 22,
  epoll_create1: 20,
  perf_event_open: 241,
  process_vm_readv: 270,
  seccomp: 277,
  memfd_create: 279,
  userfaultfd: 282,
  io_setup: 0,
  io_getevents: 4,
  io_submit: 2,
  openat: 56,
  clone3: 435,
  process_madvise: 440,
  landlock_create_ruleset: 444,
  landlock_restrict_self: 446,
  rt_sigqueueinfo: 138,
  tgkill: 131,
  pwrite64: 68,
  wait4: 260,
  pidfd_send_signal: 424,
};

/** An instruction of a filter: code, jump when true, jump when false, value. */
export type Instruction = readonly [code: number, whenTrue: number, whenFalse: number, value: number];

/** One system call by its name in the table. */
export type CallName = keyof typeof x64 | keyof typeof basic;

/** How strict mode refused: which residual, through which descriptor. */
export type Refusal = [id: ResidualId, fd: number | null];

export interface Drop {
  receipt: Receipt;
  /** What the default, strict mode named before the drop was made with these accepted. */
  refused: Refusal[];
}

export interface Message {
  address?: Uint8Array;
  control?: Uint8Array;
  flags?: number;
}

type Library = typeof import('../../lib/index');

/** `ok` for any success, the name of the error otherwise. */
export function outcome(result: number): string {
  return result < 0 ? getSystemErrorName(result) : 'ok';
}

/** A `struct cmsghdr` with its data, padded as the kernel wants it. */
export function controlMessage(level: number, type: number, data: Uint8Array): Buffer {
  const buffer = Buffer.alloc(16 + Math.ceil(data.length / 8) * 8);
  buffer.writeBigUInt64LE(BigInt(16 + data.length), 0);
  buffer.writeInt32LE(level, 8);
  buffer.writeInt32LE(type, 12);
  buffer.set(data, 16);
  return buffer;
}

export function int(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32LE(value);
  return buffer;
}

export function createAttack(addon: SyscallAddon, library: Library) {
  const numbers = { ...basic, ...(process.arch === 'arm64' ? arm64 : x64) };
  const call = (name: CallName, ...args: Argument[]): number => addon.syscall(numbers[name], ...args);
  const addressOf = (buffer: Uint8Array): bigint => addon.addressOf(buffer);
  // What a message or a filter points to must stay alive until the kernel has read it.
  let alive: unknown[] = [];
  const messageOf = (text: string, { address, control }: Message): Buffer => {
    const data = Buffer.from(text);
    const header = messageHeader(addressOf, data, address, control);
    alive = [header, data, address, control];
    return header;
  };

  /** A struct sock_fprog, and what it points to: that has to stay alive until the call. */
  const filterProgram = (filter: readonly Instruction[]) => {
    const instructions = Buffer.alloc(filter.length * 8);
    filter.forEach(([code, whenTrue, whenFalse, value], index) => {
      instructions.writeUInt16LE(code, index * 8);
      instructions.writeUInt8(whenTrue, index * 8 + 2);
      instructions.writeUInt8(whenFalse, index * 8 + 3);
      instructions.writeUInt32LE(value, index * 8 + 4);
    });
    const program = Buffer.alloc(16);
    program.writeUInt16LE(filter.length, 0);
    program.writeBigUInt64LE(addressOf(instructions), 8);
    return { program, instructions };
  };

  return {
    outcome,
    controlMessage,
    int,
    number: numbers,
    addressOf,
    /** The kernel's value or -errno. */
    call,
    /** `ok` or the name of the error. */
    try: (name: CallName, ...args: Argument[]): string => outcome(call(name, ...args)),

    connect: (fd: number, address: Uint8Array): string => outcome(call('connect', fd, address, address.length)),
    bind: (fd: number, address: Uint8Array): string => outcome(call('bind', fd, address, address.length)),
    sendto: (fd: number, text: string, flags: number, address?: Uint8Array): string =>
      outcome(call('sendto', fd, Buffer.from(text), text.length, flags, address ?? null, address?.length ?? 0)),
    sendmsg: (fd: number, text: string, message: Message = {}): string =>
      outcome(call('sendmsg', fd, messageOf(text, message), message.flags ?? 0)),
    sendmmsg: (fd: number, text: string, message: Message = {}): string => {
      // A struct mmsghdr is a msghdr (56 bytes) and its result; the vector stays behind the first.
      const messages = Buffer.concat([messageOf(text, message).subarray(0, 56), Buffer.alloc(8)]);
      return outcome(call('sendmmsg', fd, messages, 1, message.flags ?? 0));
    },
    /** The descriptors that wait in a Unix socket, at most so many. */
    receive: (fd: number, count: number): number[] => {
      const data = Buffer.alloc(1);
      const control = Buffer.alloc(16 + Math.ceil(count / 2) * 8);
      const header = messageHeader(addressOf, data, undefined, control);
      alive = [header, data, control];
      // The socket may belong to an event loop, and not block.
      let received = -11;
      while (received === -11) received = call('recvmsg', fd, header, 0);
      if (received < 0) throw new Error(`recvmsg answers ${outcome(received)}`);
      const length = Number(control.readBigUInt64LE(0));
      return Array.from({ length: (length - 16) / 4 }, (_, index) => control.readInt32LE(16 + index * 4));
    },
    /** The arguments of a call, in any thread, that runs a program; `alive` has to stay so until then. */
    runProgram: (path: string, ...args: string[]) => {
      const texts = [path, ...args].map((text) => Buffer.from(`${text}\0`));
      const list = Buffer.alloc(8 * (texts.length + 1));
      texts.forEach((text, index) => list.writeBigUInt64LE(addressOf(text), 8 * index));
      const pointers = [addressOf(texts[0] ?? list), addressOf(list)] as const;
      return { call: [RUN_PROGRAM, ...pointers] as const, alive: [texts, list] };
    },
    filterProgram,
    /** A seccomp filter with these flags of seccomp(); needs no_new_privs or a capability. */
    installFilter: (filter: readonly Instruction[], flags = 0): string => {
      const description = filterProgram(filter);
      alive = [description];
      return outcome(call('seccomp', 1, flags, description.program));
    },
    /** What the last message pointed to. */
    lastMessage: () => alive,
    setsockopt: (fd: number, level: number, option: number, value: Uint8Array): string =>
      outcome(call('setsockopt', fd, level, option, value, value.length)),

    /** Strict mode first: what it names. Then the drop, with the named residuals accepted. */
    drop(options: DisableNetworkOptions = {}): Drop {
      try {
        return { receipt: library.disableNetwork(options), refused: [] };
      } catch (error) {
        if (!(error instanceof library.DisableNetworkError) || error.code !== 'ERR_DISABLENETWORK_RESIDUALS')
          throw error;
        // What is left then cannot be closed, and is not for the test to accept.
        if (options.residuals === 'close') throw error;
        const probe = call('socket', 2, 1, 0);
        if (probe < 0) throw new Error('strict mode threw, and yet the network is off', { cause: error });
        call('close', probe);
        const refused = error.residuals.map(({ id, descriptor }): Refusal => [id, descriptor?.fd ?? null]);
        const residuals = [...new Set(refused.map(([id]) => id))];
        return { receipt: library.disableNetwork({ ...options, residuals }), refused };
      }
    },
  };
}

export type Attack = ReturnType<typeof createAttack>;
