// SPDX-License-Identifier: MIT
import { constants } from 'node:os';
import type { DropPolicy } from '../../../lib/explain/policy';

/** A drop that refuses nothing beside new sockets of the network. */
export const plainPolicy: DropPolicy = {
  abstractNames: false,
  unixConnect: false,
  listen: false,
  addressedSend: false,
  hasKilled: () => false,
  nameServiceStays: () => false,
};

type Code =
  'EPERM' | 'EACCES' | 'ECONNREFUSED' | 'ENOENT' | 'ECONNRESET' | 'EPIPE' | 'ETIMEDOUT' | 'EADDRINUSE' | 'ENOTSOCK';

/** An error as Node makes it of a failed system call. */
export function systemError(code: Code, syscall: string, details: object = {}): Error {
  const target = Object.values(details).join(':');
  const message = [syscall, code, ...(target === '' ? [] : [target])].join(' ');
  return Object.assign(new Error(message), { errno: -constants.errno[code], code, syscall, ...details });
}

/** An error as Node makes it of a failed lookup: c-ares has no errno. */
export function lookupError(code: string, syscall: string, hostname: string, errno?: number): Error {
  return Object.assign(new Error(`${syscall} ${code} ${hostname}`), { errno, code, syscall, hostname });
}
