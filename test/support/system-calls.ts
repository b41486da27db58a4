// SPDX-License-Identifier: MIT
// The kernel's numbers and structures that the tests pass to the system call addon.
import { isIP } from 'node:net';

type Numbers = Record<keyof typeof x64, number>;

const x64 = {
  close: 3,
  mmap: 9,
  ioctl: 16,
  getpid: 39,
  sendfile: 40,
  socket: 41,
  connect: 42,
  accept: 43,
  sendto: 44,
  sendmsg: 46,
  bind: 49,
  listen: 50,
  getsockname: 51,
  socketpair: 53,
  setsockopt: 54,
  ptrace: 101,
  gettid: 186,
  unshare: 272,
  splice: 275,
  sendmmsg: 307,
  setns: 308,
  process_vm_writev: 311,
  kcmp: 312,
  bpf: 321,
  request_key: 249,
  io_uring_setup: 425,
  io_uring_enter: 426,
  io_uring_register: 427,
  pidfd_open: 434,
  pidfd_getfd: 438,
} as const;

const arm64: Numbers = {
  close: 57,
  mmap: 222,
  ioctl: 29,
  getpid: 172,
  sendfile: 71,
  socket: 198,
  connect: 203,
  accept: 202,
  sendto: 206,
  sendmsg: 211,
  bind: 200,
  listen: 201,
  getsockname: 204,
  socketpair: 199,
  setsockopt: 208,
  ptrace: 117,
  gettid: 178,
  unshare: 97,
  splice: 76,
  sendmmsg: 269,
  setns: 268,
  process_vm_writev: 271,
  kcmp: 272,
  bpf: 280,
  request_key: 218,
  io_uring_setup: 425,
  io_uring_enter: 426,
  io_uring_register: 427,
  pidfd_open: 434,
  pidfd_getfd: 438,
};

/** System call numbers of this machine. */
export const SYS: Numbers = process.arch === 'arm64' ? arm64 : x64;

export const AF_UNSPEC = 0;
export const AF_UNIX = 1;
export const AF_INET = 2;
export const AF_INET6 = 10;
export const SOCK_STREAM = 1;
export const SOCK_DGRAM = 2;
export const SOCK_RAW = 3;
export const MSG_FASTOPEN = 0x20000000;

/** A `struct sockaddr_in` or `sockaddr_in6`. */
export function inetAddress(port: number, address = '127.0.0.1'): Buffer {
  const version6 = isIP(address) === 6;
  const buffer = Buffer.alloc(version6 ? 28 : 16);
  buffer.writeUInt16LE(version6 ? AF_INET6 : AF_INET, 0);
  buffer.writeUInt16BE(port, 2);
  if (!version6) {
    buffer.set(address.split('.').map(Number), 4);
  } else if (address === '::1') {
    buffer[23] = 1;
  } else if (address === '::ffff:127.0.0.1') {
    buffer.set([0xff, 0xff, 127, 0, 0, 1], 18);
  } else if (address !== '::') {
    throw new Error(`inetAddress() knows ::1, ::ffff:127.0.0.1 and ::, not ${address}`);
  }
  return buffer;
}

/** A `struct sockaddr_un`; a name that starts with a zero byte is abstract. */
export function unixAddress(name: string): Buffer {
  const terminator = name.startsWith('\0') ? '' : '\0';
  const buffer = Buffer.concat([Buffer.alloc(2), Buffer.from(name + terminator)]);
  buffer.writeUInt16LE(AF_UNIX, 0);
  return buffer;
}

/**
 * A `struct msghdr` with one `struct iovec` behind it, in one buffer. The buffers that it points to
 * must stay alive.
 */
export function messageHeader(
  addressOf: (buffer: Uint8Array) => bigint,
  data: Uint8Array,
  address?: Uint8Array,
  control?: Uint8Array,
): Buffer {
  const buffer = Buffer.alloc(56 + 16);
  if (address !== undefined) {
    buffer.writeBigUInt64LE(addressOf(address), 0);
    buffer.writeUInt32LE(address.byteLength, 8);
  }
  buffer.writeBigUInt64LE(addressOf(buffer) + 56n, 16);
  buffer.writeBigUInt64LE(1n, 24);
  if (control !== undefined) {
    buffer.writeBigUInt64LE(addressOf(control), 32);
    buffer.writeBigUInt64LE(BigInt(control.byteLength), 40);
  }
  buffer.writeBigUInt64LE(addressOf(data), 56);
  buffer.writeBigUInt64LE(BigInt(data.byteLength), 64);
  return buffer;
}
