// SPDX-License-Identifier: MIT
import type { Descriptor } from '../types';
import { nameQuery } from '../inventory/owners';

/**
 * How what holds a descriptor lets go of it: an imperative without a full stop. A number is never to be
 * closed by itself (fs.closeSync): its owner would go on using it, and with it whatever gets the number
 * next.
 */
export function closingAdvice(descriptor: Descriptor): string {
  const { fd, owner } = descriptor;
  const where = addressesOf(descriptor);
  if (owner === nameQuery) {
    return `Wait for the DNS query${where} (descriptor ${String(fd)}), which ends by itself`;
  }
  if (owner !== null) {
    const call = owner.endsWith('Socket') && owner !== 'dgram.Socket' ? 'destroy()' : 'close()';
    return `Call ${call} of the ${owner}${where} (descriptor ${String(fd)}) first`;
  }
  return `Let the owner of descriptor ${String(fd)}${where} close it first, which is no object of Node.js in this thread (never fs.closeSync)`;
}

function addressesOf({ local, remote }: Descriptor): string {
  if (remote !== null) return ` to ${remote}`;
  return local === null ? '' : ` on ${local}`;
}
