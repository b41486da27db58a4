// SPDX-License-Identifier: MIT
// What rows of several files prepare.
import type { Prepare } from './row';

export const unbound: Prepare<number, null> = ({ attack, AF_INET, SOCK_STREAM }) =>
  attack.call('socket', AF_INET, SOCK_STREAM, 0);

/**
 * A duplicate of a listener, which stays open too: its connection waits to be accepted, and is none of this
 * process's descriptors yet.
 */
export const listenWithOneWaiting: Prepare<number, null> = ({ attack, inetAddress, AF_INET, SOCK_STREAM }) => {
  const listener = attack.call('socket', AF_INET, SOCK_STREAM, 0);
  attack.bind(listener, inetAddress(0));
  attack.call('listen', listener, 1);
  const address = Buffer.alloc(16);
  attack.call('getsockname', listener, address, attack.int(16));
  attack.connect(attack.call('socket', AF_INET, SOCK_STREAM, 0), address);
  return attack.call('dup', listener);
};
