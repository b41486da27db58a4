// SPDX-License-Identifier: MIT
// Sockets tell their errors themselves: a listener on errorMonitor sees each before all others do.
// It counts as no handler, so an error that nobody handles still ends the process.
import dgram from 'node:dgram';
import { subscribe } from 'node:diagnostics_channel';
import { errorMonitor, EventEmitter } from 'node:events';
import net from 'node:net';
import { replace, watchErrors, watchReceiver, type Watcher } from './wrap';

type Look = Watcher['look'];

/** Shows the errors of every socket and server that is put to use from now on. */
export function watchSockets(watcher: Watcher): void {
  const { look } = watcher;
  const watch = (socket: unknown): void => {
    if (!(socket instanceof EventEmitter)) return;
    const emitter = socket as EventEmitter;
    if (!isWatched(emitter, look)) emitter.prependListener(errorMonitor, look);
  };
  subscribe('net.client.socket', (message) => {
    watch((message as { socket?: unknown }).socket);
  });
  subscribe('tracing:net.server.listen:asyncStart', (message) => {
    watch((message as { server?: unknown }).server);
  });
  subscribe('udp.socket', (message) => {
    watch((message as { socket?: unknown }).socket);
  });
  watchConnect(watch);
  watchThrown(watcher, watch);
}

/** A socket that connects again, or a server that listens again, is watched already. */
function isWatched(emitter: EventEmitter, look: Look): boolean {
  return emitter.listenerCount(errorMonitor) > 0 && emitter.listeners(errorMonitor).includes(look);
}

/** Node 20 has the channel in net.connect() alone: new net.Socket().connect() and tls.connect() pass it by. */
function watchConnect(watch: (receiver: unknown) => void): void {
  replace(net.Socket.prototype, 'connect', (original) =>
    Function.prototype.toString.call(original).includes('netClientSocketChannel')
      ? original
      : watchReceiver(original, watch),
  );
}

/** What a server or a datagram socket throws or hands to a callback is no event; older sockets are watched when they send. */
function watchThrown(watcher: Watcher, watch: (receiver: unknown) => void): void {
  replace(net.Server.prototype, 'address', (original) => watchErrors(original, watcher));
  const throwing = [
    'addMembership',
    'addSourceSpecificMembership',
    'address',
    'remoteAddress',
    'bindSync',
    'connectSync',
  ];
  for (const name of throwing) {
    replace(dgram.Socket.prototype, name, (original) => watchErrors(original, watcher));
  }
  replace(dgram.Socket.prototype, 'send', (original) => watchReceiver(watchErrors(original, watcher), watch));
}
