// SPDX-License-Identifier: MIT
// What the filter is to answer, written a second time and in another way: plain conditions over the
// arguments of x86-64 calls, from the man pages and not from the filter's source.
import { SeccompPolicy } from '../../../lib/native/binding';
import type { SystemCall } from '../../../lib/kernel/filter-interpreter';

export const architecture = { x86_64: 0xc000003e, i386: 0x40000003, arm64: 0xc00000b7 } as const;

export const action = {
  allow: 0x7fff0000,
  killProcess: 0x80000000,
  errno: (number: number): number => 0x00050000 | number,
} as const;

export const EPERM = 1;
export const ENOSYS = 38;

/** Numbers of arch/x86/entry/syscalls/syscall_64.tbl. */
export const callNumber = {
  read: 0, ioctl: 16, connect: 42, sendto: 44, sendmsg: 46, bind: 49, listen: 50, socket: 41, socketpair: 53,
  setsockopt: 54, getsockopt: 55, ptrace: 101, prctl: 157, request_key: 249, sendmmsg: 307, process_vm_readv: 310,
  process_vm_writev: 311, kcmp: 312, bpf: 321, io_uring_setup: 425, io_uring_enter: 426, io_uring_register: 427,
  pidfd_getfd: 438, process_madvise: 440, clone3: 435, accept4: 288, epoll_wait: 232, seccomp: 317, add_key: 248,
} as const; // prettier-ignore

/** MSG_FASTOPEN and MSG_DONTROUTE. */
const deniedFlags = [0x20000000, 4];
/** By level, from the uapi headers; every other option of every level is refused. */
const allowedSocketOptions: Readonly<Record<number, readonly number[]>> = {
  1: [2, 6, 7, 8, 9, 10, 13, 15, 16, 18, 20, 21, 29, 32, 33, 34, 35, 37, 40, 42, 45, 46, 47, 49, 60, 63, 64, 65, 66, 67, 76, 83],
  0: [2, 8, 10, 11, 12, 13, 20, 21, 33, 34, 36, 40, 45, 47],
  41: [16, 18, 19, 21, 23, 24, 25, 26, 45, 47, 49, 51, 62, 66],
  6: [1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 13, 18, 23, 25, 27, 36],
  17: [1, 103, 104],
  282: [1, 2],
  132: [3, 11],
}; // prettier-ignore
const deniedRequests = [0x5412, 0x541c, 0x400454ca, 0xc004743e, 0x4004743d, 0x40047438, 0xaf01, 0x40042408];
const getNetwork = 0x4e455447;

export function expectedAction(policy: number, call: SystemCall): number {
  if (call.architecture !== architecture.x86_64) return action.killProcess;
  const number = call.number >>> 0;
  if (number === 0xffffffff) return action.allow;
  if ((number & 0xc0000000) !== 0) return action.errno(ENOSYS);
  if (policyHas(policy, 'answerStatus') && number === callNumber.prctl && low(call, 0) === getNetwork) {
    return action.errno(0xdff);
  }
  if (number === callNumber.io_uring_enter) {
    return policyHas(policy, 'allowRings') || asksForRing(call) ? action.allow : action.errno(ENOSYS);
  }
  if ([425, 427].includes(number)) return action.errno(ENOSYS);
  return isDenied(policy, number, call) ? action.errno(EPERM) : action.allow;
}

/** io_uring_enter(index, 0, 0, IORING_ENTER_REGISTERED_RING) does nothing but look the ring up. */
function asksForRing(call: SystemCall): boolean {
  return low(call, 1) === 0 && low(call, 2) === 0 && low(call, 3) === 16;
}

function isDenied(policy: number, number: number, call: SystemCall): boolean {
  const connectedOnly = policyHas(policy, 'denyNewUnixPeers');
  switch (number) {
    case callNumber.socket:
    case callNumber.socketpair:
      return low(call, 0) !== 1 || (connectedOnly && ![1, 5].includes(low(call, 1) % 16));
    case callNumber.sendto:
      return hasDeniedFlag(call, 3) || (connectedOnly && call.args[4] !== 0n);
    case callNumber.sendmsg:
      return hasDeniedFlag(call, 2);
    case callNumber.sendmmsg:
      return hasDeniedFlag(call, 3);
    case callNumber.connect:
    case callNumber.bind:
      return connectedOnly;
    case callNumber.listen:
      return connectedOnly || policyHas(policy, 'denyListen');
    case callNumber.setsockopt:
      return !(allowedSocketOptions[low(call, 1)]?.includes(low(call, 2)) ?? false);
    case callNumber.getsockopt:
      return low(call, 1) === 132 && low(call, 2) === 111;
    case callNumber.ioctl:
      return deniedRequests.includes(low(call, 1));
    case callNumber.request_key:
    case callNumber.bpf:
      return true;
    case callNumber.ptrace:
    case callNumber.process_vm_readv:
    case callNumber.process_vm_writev:
    case callNumber.kcmp:
    case callNumber.pidfd_getfd:
    case callNumber.process_madvise:
      return policyHas(policy, 'denyTracing');
    default:
      return false;
  }
}

function policyHas(policy: number, name: keyof typeof SeccompPolicy): boolean {
  return (policy & SeccompPolicy[name]) !== 0;
}

/** The kernel takes an int from the low half of the register. */
function low(call: SystemCall, index: number): number {
  return Number(BigInt.asUintN(32, call.args[index] ?? 0n));
}

function hasDeniedFlag(call: SystemCall, index: number): boolean {
  return deniedFlags.some((flag) => (low(call, index) & flag) !== 0);
}
