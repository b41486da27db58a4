// SPDX-License-Identifier: MIT
import { DisableNetworkError } from '../../../lib/errors';
import type { RawDescriptor, RawSocket } from '../../../lib/native/binding';

export function rawDescriptor(changes: Partial<RawDescriptor> = {}): RawDescriptor {
  return {
    fd: 9,
    link: '/tmp/file',
    mode: 0o100644,
    writable: true,
    device: null,
    driver: null,
    inProc: false,
    socket: null,
    ...changes,
  };
}

export function rawSocket(changes: Partial<RawSocket> = {}): RawDescriptor {
  const socket: RawSocket = {
    family: 2,
    type: 1,
    protocol: 6,
    listening: false,
    connected: false,
    local: null,
    remote: null,
    networkNamespace: null,
    ...changes,
  };
  return rawDescriptor({ link: 'socket:[77]', mode: 0o140777, socket });
}

/** The error of this package that the action throws. */
export function errorOf(action: () => unknown): DisableNetworkError {
  try {
    action();
  } catch (error) {
    if (error instanceof DisableNetworkError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
