// SPDX-License-Identifier: MIT
// Used by the tests and inside their children alike.
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectSocket, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** A TCP port on loopback, or the path of a Unix socket. */
export type Target = number | string;

/** `'ok'`, or the code of the error that the action failed with. */
export async function attempt(action: () => unknown): Promise<string> {
  try {
    await action();
    return 'ok';
  } catch (error) {
    const { code } = error as { code?: unknown };
    return typeof code === 'string' ? code : String(error);
  }
}

export async function connect(target: Target): Promise<Socket> {
  const socket =
    typeof target === 'number' ? connectSocket({ port: target, host: '127.0.0.1' }) : connectSocket({ path: target });
  await once(socket, 'connect');
  return socket;
}

/** Connects, and closes the connection at once. */
export async function tryConnect(target: Target): Promise<string> {
  return attempt(async () => (await connect(target)).destroy());
}

/** Listens on a free port of loopback, or on a pathname, and answers the port. */
export async function listen(server: Server, path?: string): Promise<number> {
  server.listen(path === undefined ? { port: 0, host: '127.0.0.1' } : { path });
  await once(server, 'listening');
  const address = server.address() as AddressInfo | string;
  return typeof address === 'string' ? 0 : address.port;
}

export interface EchoServer {
  readonly port: number;
  close(): void;
}

/** Sends everything back that it gets, on a free port of loopback or on a pathname. */
export async function startEchoServer(path?: string): Promise<EchoServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.pipe(socket);
  });
  const port = await listen(server, path);
  return {
    port,
    close: () => {
      sockets.forEach((socket) => socket.destroy());
      server.close();
    },
  };
}

/**
 * Sends random bytes to something that echoes, and compares what comes back. `during` runs when
 * half of them came back, so that bytes are on their way in both directions.
 */
export async function exchange(stream: Duplex, size: number, during: () => void = () => undefined): Promise<string> {
  const data = randomBytes(size);
  const received = createHash('sha256');
  let count = 0;
  let pending: (() => void) | undefined = during;
  const all = new Promise<void>((resolve, reject) => {
    const finish = (error?: Error): void => {
      stream.off('data', take).off('error', finish).off('close', finish);
      if (count === size) {
        resolve();
      } else {
        reject(error ?? new Error(`the stream ended after ${String(count)} of ${String(size)} bytes`));
      }
    };
    const take = (chunk: Buffer): void => {
      received.update(chunk);
      count += chunk.length;
      if (pending !== undefined && count * 2 >= size) {
        const call = pending;
        pending = undefined;
        try {
          call();
        } catch (error) {
          count = 0;
          finish(error as Error);
          return;
        }
      }
      if (count >= size) {
        finish();
      }
    };
    stream.on('data', take).once('error', finish).once('close', finish);
  });
  const chunk = 16 * 1024;
  const sent = (async () => {
    for (let offset = 0; offset < size; offset += chunk) {
      if (!stream.write(data.subarray(offset, offset + chunk))) {
        await Promise.race([once(stream, 'drain'), all]);
      }
    }
  })();
  await Promise.all([all, sent]);
  const expected = createHash('sha256').update(data).digest('hex');
  const actual = received.digest('hex');
  if (actual !== expected) {
    throw new Error(`${String(size)} bytes came back changed`);
  }
  return actual;
}
