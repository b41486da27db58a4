// SPDX-License-Identifier: MIT
// Each protocol as a server that echoes and a client that is a plain stream, for either side.
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { createWebSocketStream, WebSocket, WebSocketServer } from 'ws';

import type { Certificate } from './certificate';
import { connect, listen, type EchoServer } from './network';

export type Protocol = 'TCP' | 'TLS' | 'HTTP/2' | 'WebSocket';
export const protocols: readonly Protocol[] = ['TCP', 'TLS', 'HTTP/2', 'WebSocket'];

function echo(stream: Duplex): void {
  stream.on('error', () => stream.destroy());
  stream.pipe(stream);
}

function createEchoServer(protocol: Protocol, certificate: Certificate): Server {
  switch (protocol) {
    case 'TCP':
      return createServer(echo);
    case 'TLS':
      return createTlsServer({ ...certificate }, echo);
    case 'HTTP/2': {
      const server = createHttp2Server();
      server.on('stream', (stream) => {
        stream.respond({ ':status': 200 });
        echo(stream);
      });
      return server;
    }
    case 'WebSocket': {
      const server = createHttpServer();
      new WebSocketServer({ server }).on('connection', (socket) => {
        echo(createWebSocketStream(socket));
      });
      return server;
    }
  }
}

/** On a free port of loopback. */
export async function serveEcho(protocol: Protocol, certificate: Certificate): Promise<EchoServer> {
  const server = createEchoServer(protocol, certificate);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  const port = await listen(server);
  return {
    port,
    close: () => {
      sockets.forEach((socket) => socket.destroy());
      server.close();
    },
  };
}

/** A stream to such a server; closing it closes the connection. */
export async function openEcho(protocol: Protocol, port: number, certificate: Certificate): Promise<Duplex> {
  switch (protocol) {
    case 'TCP':
      return connect(port);
    case 'TLS': {
      const socket = connectTls({ port, host: '127.0.0.1', ca: certificate.cert });
      await once(socket, 'secureConnect');
      return socket;
    }
    case 'HTTP/2': {
      const session = connectHttp2(`http://127.0.0.1:${String(port)}`);
      await once(session, 'connect');
      const stream = session.request({ ':method': 'POST' });
      stream.on('close', () => {
        session.destroy();
      });
      return stream;
    }
    case 'WebSocket': {
      const socket = new WebSocket(`ws://127.0.0.1:${String(port)}`);
      await once(socket, 'open');
      return createWebSocketStream(socket);
    }
  }
}
