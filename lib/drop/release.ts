// SPDX-License-Identifier: MIT
import dgram from 'node:dgram';
import net from 'node:net';
import { constants } from 'node:os';
import { annotateClosed } from '../explain/annotate';
import type { OwningObject } from '../inventory/owners';
import type { Descriptor } from '../types';

export interface Owned {
  readonly object: OwningObject;
  readonly descriptor: Descriptor;
}

/**
 * Tells Node's objects that the drop has closed what they held, as if they had been closed by
 * themselves: a server does not listen any more, a socket is destroyed. The descriptor is dead
 * already, so nothing of the promise depends on what they make of it.
 */
export function release({ object, descriptor }: Owned, explained: boolean): void {
  try {
    close(object, descriptor, explained);
  } catch {
    // An object with a close() of its own kind: it keeps the placeholder.
  }
}

function close(object: OwningObject, descriptor: Descriptor, explained: boolean): void {
  if (object instanceof net.Socket) object.destroy(resetError(descriptor, explained));
  else if (object instanceof dgram.Socket) object.close();
  // Not the close() of http.Server: it would end connections that are kept.
  else net.Server.prototype.close.call(object);
}

/** What reading from a connection says that was cut off. */
function resetError({ remote }: Descriptor, explained: boolean): Error {
  const error = Object.assign(new Error('read ECONNRESET'), {
    errno: -constants.errno.ECONNRESET,
    code: 'ECONNRESET',
    syscall: 'read',
  });
  if (explained) annotateClosed(error, remote ?? '');
  return error;
}
