// SPDX-License-Identifier: MIT
import { isIP } from 'node:net';
import { constants } from 'node:os';
import type { Failure } from './failure';
import type { DropPolicy } from './policy';

/**
 * Whether the drop caused this failure. When in doubt it did not: an ordinary refusal must never be
 * explained as ours.
 */
export function causedByDrop(failure: Failure, policy: DropPolicy): boolean {
  const { syscall } = failure;
  if (syscall === 'getaddrinfo' || syscall === 'getnameinfo') return nameServiceRefused(failure, policy);
  if (syscall === 'getHostByAddr' || syscall.startsWith('query')) return resolverRefused(failure);
  if (isDead(failure)) return policy.hasKilled();
  return isRefusal(failure) && refusedCalls[syscall]?.(failure, policy) === true;
}

type Rule = (failure: Failure, policy: DropPolicy) => boolean;

/** Each system call by Node's name for it, when the kernel has answered EPERM or EACCES. */
const refusedCalls: Readonly<Partial<Record<string, Rule>>> = {
  connect: (failure, policy) => isOfNetwork(failure) || isRefusedUnixName(failure, policy),
  bind: (failure, policy) => isOfNetwork(failure) || isRefusedUnixName(failure, policy),
  // Node reports bind(2) of a server as 'listen' too.
  listen: (failure, policy) =>
    isOfNetwork(failure) || isRefusedUnixName(failure, policy) || (policy.listen && isFilterRefusal(failure)),
  // Where the drop leaves such a send alone, a firewall (EPERM) or a broadcast (EACCES) was the reason.
  send: (failure, policy) => policy.addressedSend && isOfNetwork(failure),
  addMembership: () => true,
  addSourceSpecificMembership: () => true,
  uv_interface_addresses: () => true,
};

const { EPERM, EACCES, ENOTSOCK } = constants.errno;

/** What Node asks of sockets alone: the drop has put something else in the place of this one. */
const socketCalls: ReadonlySet<string> = new Set(['address', 'getsockname', 'getpeername', 'send', 'recvmsg']);

function isDead({ errno, syscall }: Failure): boolean {
  return errno === -ENOTSOCK && socketCalls.has(syscall);
}

/** Node has errno negative, but for os.networkInterfaces(). */
function isRefusal({ errno }: Failure): boolean {
  return Math.abs(errno) === EPERM || Math.abs(errno) === EACCES;
}

/** Filters and scopes answer EPERM alone; EACCES is what a directory without permission answers. */
function isFilterRefusal({ errno }: Failure): boolean {
  return errno === -EPERM;
}

/** Unix sockets have no port: Node leaves it out, or says -1. */
function isOfNetwork({ address, port }: Failure): boolean {
  return isIP(address) !== 0 || (address !== '' && port > 0);
}

function isRefusedUnixName(failure: Failure, policy: DropPolicy): boolean {
  if (!isFilterRefusal(failure)) return false;
  return failure.address.startsWith('\0') ? policy.abstractNames : failure.address !== '' && policy.unixConnect;
}

/**
 * The C library says EAI_AGAIN when it can make no socket to ask (musl hands on EPERM itself).
 * A name service behind a Unix socket says it as well, and goes on working after the drop.
 */
function nameServiceRefused(failure: Failure, policy: DropPolicy): boolean {
  if (isRefusal(failure)) return true;
  return failure.code === 'EAI_AGAIN' && !policy.nameServiceStays();
}

/**
 * c-ares says ECONNREFUSED when it can make no socket to any server: no server can have refused,
 * for that takes a socket. In a reverse lookup it goes on to /etc/hosts and reports what that said.
 */
function resolverRefused({ code, syscall }: Failure): boolean {
  return code === 'ECONNREFUSED' || (syscall === 'getHostByAddr' && code === 'ENOTFOUND');
}
