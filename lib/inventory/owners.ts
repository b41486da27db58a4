// SPDX-License-Identifier: MIT
// Whose a descriptor is: Node's own objects, as far as the calling thread has them. Those of another
// thread cannot be found from here.
import dgram from 'node:dgram';
import dns from 'node:dns';
import net, { isIPv4, isIPv6 } from 'node:net';
import type { NativeBinding } from '../native/binding';

export type OwningObject = net.Server | net.Socket | dgram.Socket;

export interface Owner {
  /** For example `http.Server`. */
  readonly name: string;
  /** Null for what is no object of JavaScript. */
  readonly object: OwningObject | null;
}

/** What c-ares has open while it waits for an answer. */
export const nameQuery = 'DNS query';

/** The owner of each descriptor of the calling thread that has one. */
export function findOwners(binding: NativeBinding): ReadonlyMap<number, Owner> {
  const owners = new Map<number, Owner>();
  // Other runtimes have neither such a list nor an event loop of libuv.
  if ('bun' in process.versions || 'deno' in process.versions) return owners;
  const { handles, polled } = binding.inspectEventLoop(listHandles);
  for (const fd of polled) owners.set(fd, { name: nameQuery, object: null });
  for (const object of handles) {
    try {
      const owner = toOwner(object);
      if (owner !== null) owners.set(owner.fd, owner);
    } catch {
      // A class with properties of its own kind gets no name.
    }
  }
  return owners;
}

/** The name of a descriptor's owner; c-ares is told by whom it asks, for other addons have sockets watched, too. */
export function nameOwner(owner: Owner | undefined, remote: string | null): string | null {
  if (owner === undefined) return null;
  return owner.object !== null || (remote !== null && isNameServer(remote)) ? owner.name : null;
}

function isNameServer(remote: string): boolean {
  return remote.endsWith(':53') || dns.getServers().map(withPort).includes(remote);
}

/** As the inventory writes it: node:dns leaves the usual port out. */
function withPort(server: string): string {
  if (isIPv4(server)) return `${server}:53`;
  return isIPv6(server) ? `[${server}]:53` : server;
}

/** Undocumented, deprecated in the documents alone (DEP0161), and the one list that Node has of its objects. */
function listHandles(): unknown[] {
  const { _getActiveHandles: list } = process as { _getActiveHandles?: () => unknown[] };
  try {
    const handles = list?.call(process);
    return Array.isArray(handles) ? handles : [];
  } catch {
    // Whoever put something else there gets no names.
    return [];
  }
}

function toOwner(object: unknown): (Owner & { readonly fd: number }) | null {
  if (object instanceof net.Server) return withDescriptor(nameServer(object), object, handleOf(object));
  if (object instanceof net.Socket) {
    return withDescriptor('encrypted' in object ? 'tls.TLSSocket' : 'net.Socket', object, handleOf(object));
  }
  if (object instanceof dgram.Socket) return withDescriptor('dgram.Socket', object, datagramHandleOf(object));
  return null;
}

function withDescriptor(name: string, object: OwningObject, handle: unknown): (Owner & { fd: number }) | null {
  const fd = (handle as { fd?: unknown } | null | undefined)?.fd;
  return typeof fd === 'number' && fd >= 0 ? { name, object, fd } : null;
}

function handleOf(object: net.Server | net.Socket): unknown {
  return (object as { _handle?: unknown })._handle;
}

/** Under a symbol of Node's own; the property that once was there warns. */
function datagramHandleOf(socket: dgram.Socket): unknown {
  const symbol = Object.getOwnPropertySymbols(socket).find(({ description }) => description === 'state symbol');
  if (symbol === undefined) return null;
  return (socket as unknown as Record<symbol, { handle?: unknown } | undefined>)[symbol]?.handle;
}

/** By what each kind has, so that no module is loaded for its name. */
function nameServer(server: net.Server): string {
  if (server.constructor.name.startsWith('Http2')) return `http2.${server.constructor.name}`;
  const encrypted = 'setSecureContext' in server;
  if ('headersTimeout' in server) return encrypted ? 'https.Server' : 'http.Server';
  return encrypted ? 'tls.Server' : 'net.Server';
}
