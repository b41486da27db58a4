// SPDX-License-Identifier: MIT
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { startDnsStub } from './dns-stub';
import type { Program } from './requirements';
import { type Place, runProgram } from './start';

export interface Ports {
  readonly http: number;
  readonly tcp: number;
  readonly udp: number;
  readonly tls: number;
  readonly dns: number;
}

export interface Outside {
  readonly ports: Ports;
  readonly remember: (data: Buffer | string) => void;
  /** Whether anything that carried the token has come in, on whatever way. */
  readonly hasSeen: (token: string) => boolean;
}

/**
 * The rest of the world, on 127.0.0.1: servers that send back what they get and remember it. The
 * demo believes them, not the service, about what has left the service.
 */
export async function startOutside(place: Place, programs: Record<Program, string>): Promise<Outside> {
  let seen = '';
  const remember = (data: Buffer | string): void => {
    seen += `${data.toString()}\n`;
  };
  const echo = (socket: Socket): void => {
    socket.on('data', (chunk: Buffer) => {
      remember(chunk);
      socket.write(chunk);
    });
    socket.on('error', () => socket.destroy());
  };

  const http = createHttpServer((request, response) => {
    remember(request.url ?? '');
    // No keep-alive: each attempt must need a connection of its own.
    response.setHeader('connection', 'close');
    response.end(request.url?.slice(1));
  });
  const tcp = createTcpServer(echo);
  const tls = createTlsServer(makeCertificate(place, programs), echo);
  const servers = await Promise.all([http, tcp, tls].map((server) => listen(place, server)));
  const dns = await startDnsStub(place, remember);

  const udp = createSocket('udp4', (message, sender) => {
    remember(message);
    udp.send(message, sender.port, sender.address);
  });
  udp.bind(0, '127.0.0.1');
  await once(udp, 'listening');
  place.cleanup.add(() => {
    udp.close();
  });

  const [httpPort = 0, tcpPort = 0, tlsPort = 0] = servers;
  return {
    ports: { http: httpPort, tcp: tcpPort, udp: udp.address().port, tls: tlsPort, dns },
    remember,
    hasSeen: (token) => seen.includes(token),
  };
}

async function listen({ cleanup }: Place, server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanup.add(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const address = server.address();
  return address === null || typeof address === 'string' ? 0 : address.port;
}

function makeCertificate(place: Place, programs: Record<Program, string>): { key: Buffer; cert: Buffer } {
  const key = join(place.directory, 'tls.key');
  const cert = join(place.directory, 'tls.crt');
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const account = { name: 'self', identity: {} };
  runProgram(programs.openssl, ['req', ...kind, ...names, '-keyout', key, '-out', cert], account, place.directory);
  return { key: readFileSync(key), cert: readFileSync(cert) };
}
