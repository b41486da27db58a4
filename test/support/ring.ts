// SPDX-License-Identifier: MIT
// A small io_uring by hand: it can be made in every way that hides it from who looks for it.
import { getSystemErrorName } from 'node:util';

import type { SyscallAddon } from './syscall-addon';
import { SYS } from './system-calls';

const offsetOfRings = 0;
const offsetOfEntries = 0x10000000;
const smallRing = { entries: 8, ringsSize: 4096, entriesSize: 4096 } as const;
/** What libuv asks for, in every event loop since Node 22. */
export const eventLoopRing = { entries: 256, ringsSize: 12288, entriesSize: 16384 } as const;
const munmap = process.arch === 'arm64' ? 215 : 11;
const enterRegisteredRing = 1 << 4;
const registerUseRegisteredRing = 1 << 31;

export const ringFlags = { sqPoll: 1 << 1, noMemoryMap: 1 << 14, registeredFdOnly: 1 << 15 } as const;
export const ringRequest = {
  nothing: 0,
  readv: 1,
  writev: 2,
  pollAdd: 6,
  timeout: 11,
  sendmsg: 9,
  accept: 13,
  connect: 16,
  openat: 18,
  read: 22,
  write: 23,
  send: 26,
  epollControl: 29,
  messageRing: 40,
  socket: 45,
  command: 46,
  sendZeroCopy: 47,
  sendmsgZeroCopy: 48,
  bind: 56,
  listen: 57,
} as const;
/** IOSQE_IO_LINK: the next request waits for this one. */
export const ringLink = 1 << 2;
/** IOSQE_FIXED_FILE: the descriptor is an index of the ring's own table. */
export const ringFixedFile = 1 << 0;
/** IOSQE_ASYNC: a worker of the kernel makes the request. */
export const ringAsync = 1 << 4;

export interface Request {
  operation: number;
  flags?: number;
  fd?: number;
  offset?: number | bigint;
  address?: bigint;
  length?: number;
  /** The flags of the operation, for example of a timeout. */
  operationFlags?: number;
  personality?: number;
  userData?: number;
  /** At 44: the length of an address or of an option's value, or an index in the ring's table, from 1. */
  lengthOrIndex?: number;
  /** At 48: where an option's value is. */
  value?: bigint;
}

/** The request for socket(family, type, 0): the kernel reuses the fields of a request like this. */
export function socketRequest(family: number, type: number): Request {
  return { operation: ringRequest.socket, fd: family, offset: type, length: 0 };
}

export class Ring {
  fd: number;
  private registered: boolean;
  private readonly rings: Buffer;
  private readonly entries: Buffer;
  private readonly mappings: [address: number, size: number][] = [];
  private readonly field: {
    sqTail: number;
    sqMask: number;
    sqFlags: number;
    sqArray: number;
    cqHead: number;
    cqTail: number;
    cqMask: number;
    cqes: number;
  };

  constructor(
    private readonly addon: SyscallAddon,
    flags = 0,
    private readonly size: typeof smallRing | typeof eventLoopRing = smallRing,
  ) {
    const parameters = Buffer.alloc(120);
    parameters.writeUInt32LE(flags, 8);
    parameters.writeUInt32LE(600_000, 16); // sq_thread_idle in milliseconds: it polls on and on.
    this.registered = (flags & ringFlags.registeredFdOnly) !== 0;
    const ownMemory = (flags & ringFlags.noMemoryMap) !== 0;
    const { entries, ringsSize, entriesSize } = size;
    const anonymous = ownMemory ? [this.map(-1, 0, entriesSize), this.map(-1, 0, ringsSize)] : [];
    parameters.writeBigUInt64LE(BigInt(anonymous[0] ?? 0), 72); // sq_off.user_addr: the entries.
    parameters.writeBigUInt64LE(BigInt(anonymous[1] ?? 0), 112); // cq_off.user_addr: the rings.
    this.fd = addon.syscall(SYS.io_uring_setup, entries, parameters);
    if (this.fd < 0) {
      const code = getSystemErrorName(this.fd);
      throw Object.assign(new Error(`io_uring_setup answers ${code}`), { code });
    }
    this.entries = addon.memoryAt(anonymous[0] ?? this.map(this.fd, offsetOfEntries, entriesSize), entriesSize);
    this.rings = addon.memoryAt(anonymous[1] ?? this.map(this.fd, offsetOfRings, ringsSize), ringsSize);
    const at = (offset: number): number => parameters.readUInt32LE(offset);
    this.field = {
      sqTail: at(44),
      sqMask: at(48),
      sqFlags: at(56),
      sqArray: at(64),
      cqHead: at(80),
      cqTail: at(84),
      cqMask: at(88),
      cqes: at(100),
    };
    for (let slot = 0; slot < entries; slot += 1) this.rings.writeUInt32LE(slot, this.field.sqArray + slot * 4);
  }

  /** Puts requests into the ring. A polling ring needs no more; others need {@link enter}. */
  queue(...requests: Request[]): void {
    const { sqTail, sqMask } = this.field;
    let tail = this.rings.readUInt32LE(sqTail);
    for (const request of requests) {
      const slot = tail & this.rings.readUInt32LE(sqMask);
      const entry = this.entries.subarray(slot * 64, slot * 64 + 64).fill(0);
      entry.writeUInt8(request.operation, 0);
      entry.writeUInt8(request.flags ?? 0, 1);
      entry.writeInt32LE(request.fd ?? -1, 4);
      entry.writeBigUInt64LE(BigInt(request.offset ?? 0), 8);
      entry.writeBigUInt64LE(request.address ?? 0n, 16);
      entry.writeUInt32LE(request.length ?? 0, 24);
      entry.writeUInt32LE(request.operationFlags ?? 0, 28);
      entry.writeBigUInt64LE(BigInt(request.userData ?? request.operation), 32);
      entry.writeUInt16LE(request.personality ?? 0, 42);
      entry.writeUInt32LE(request.lengthOrIndex ?? 0, 44);
      entry.writeBigUInt64LE(request.value ?? 0n, 48);
      tail = (tail + 1) >>> 0;
    }
    this.rings.writeUInt32LE(tail, sqTail);
  }

  /** io_uring_enter(): the number of requests taken, or -errno. */
  enter(submit: number, wait = 0): number {
    const flags = (wait > 0 ? 1 : 0) | (this.registered ? enterRegisteredRing : 0);
    return this.addon.syscall(SYS.io_uring_enter, this.fd, submit, wait, flags, null, 0);
  }

  /** A polling ring sleeps until it is woken for its first request; then it polls for its idle time. */
  wake(): number {
    return this.addon.syscall(SYS.io_uring_enter, this.fd, 0, 0, 2, null, 0);
  }

  /** IORING_REGISTER_PERSONALITY: requests that name the number are made as who registered it. */
  registerPersonality(): number {
    const operation = this.registered ? (9 | registerUseRegisteredRing) >>> 0 : 9;
    return this.addon.syscall(SYS.io_uring_register, this.fd, operation, null, 0);
  }

  /** The completions that have come since the last look: what the request was, and its result. */
  reap(): { userData: number; result: number }[] {
    const { cqHead, cqTail, cqMask, cqes } = this.field;
    const found: { userData: number; result: number }[] = [];
    let head = this.rings.readUInt32LE(cqHead);
    while (head !== this.rings.readUInt32LE(cqTail)) {
      const offset = cqes + (head & this.rings.readUInt32LE(cqMask)) * 16;
      found.push({ userData: Number(this.rings.readBigUInt64LE(offset)), result: this.rings.readInt32LE(offset + 8) });
      head = (head + 1) >>> 0;
    }
    this.rings.writeUInt32LE(head, cqHead);
    return found;
  }

  /** IORING_REGISTER_FILES2 and others: whatever the kernel makes of it. */
  register(operation: number, argument: Uint8Array | null, count: number): number {
    return this.addon.syscall(SYS.io_uring_register, this.fd, operation, argument, count);
  }

  /** IORING_REGISTER_RING_FDS: from now on an index of the calling thread stands for the descriptor. */
  hideDescriptor(): void {
    const update = Buffer.alloc(16); // A struct io_uring_rsrc_update: any index, this descriptor.
    update.writeUInt32LE(0xffffffff, 0);
    update.writeBigUInt64LE(BigInt(this.fd), 8);
    const registered = this.register(20, update, 1);
    if (registered !== 1) throw new Error(`IORING_REGISTER_RING_FDS answers ${String(registered)}`);
    this.addon.syscall(SYS.close, this.fd);
    this.fd = update.readUInt32LE(0);
    this.registered = true;
  }

  unmap(): void {
    for (const [address, size] of this.mappings) this.addon.syscall(munmap, address, size);
  }

  private map(fd: number, offset: number, size: number): number {
    // PROT_READ | PROT_WRITE; MAP_SHARED | MAP_POPULATE, or MAP_PRIVATE | MAP_ANONYMOUS.
    const address = this.addon.syscall(SYS.mmap, 0, size, 3, fd < 0 ? 0x8022 : 0x8001, fd, offset);
    if (address < 0) throw new Error(`mmap answers ${String(address)}`);
    if (fd >= 0) this.mappings.push([address, size]);
    return address;
  }
}
