// SPDX-License-Identifier: MIT
// What the network offers to a child as long as it has one.
import dgram from 'node:dgram';
import { once } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net, { type Server } from 'node:net';
import { createCertificate } from '../../support/certificate';
import { listen } from '../../support/network';

/** Each a port of 127.0.0.1. */
export interface Ports {
  readonly tcp: number;
  readonly http: number;
  readonly https: number;
  readonly http2: number;
  readonly udp: number;
  readonly dns: number;
}

export interface Servers {
  readonly ports: Ports;
  close(): void;
}

export async function startServers(): Promise<Servers> {
  const respond: http.RequestListener = (_request, response) => response.setHeader('connection', 'close').end('hello');
  const servers = {
    tcp: net.createServer(serveTcp),
    http: http.createServer(respond),
    https: https.createServer(createCertificate(), respond),
    http2: http2.createServer((_request, response) => response.end('hello')) as Server,
  };
  const udp = dgram.createSocket('udp4', (message, { port, address }) => udp.send(message, port, address));
  const dns = dgram.createSocket('udp4', (query, { port, address }) => dns.send(answer(query), port, address));
  const ports = {
    tcp: await listen(servers.tcp),
    http: await listen(servers.http),
    https: await listen(servers.https),
    http2: await listen(servers.http2),
    udp: await bind(udp),
    dns: await bind(dns),
  };
  return {
    ports,
    close: () => {
      [...Object.values(servers), udp, dns].forEach((server) => server.close());
    },
  };
}

async function bind(socket: dgram.Socket): Promise<number> {
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket.address().port;
}

/** Echoes, but for 'reset': that it answers with RST. */
function serveTcp(socket: net.Socket): void {
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => (chunk.toString() === 'reset' ? socket.resetAndDestroy() : socket.write(chunk)));
}

/** 192.0.2.1 for an A record and host.example for a PTR record, whatever the name (RFC 1035, 4.1). */
function answer(query: Buffer): Buffer {
  const header = Buffer.from(query.subarray(0, 12));
  header.writeUInt16BE(0x8180, 2);
  header.writeUInt16BE(1, 6);
  header.writeUInt32BE(0, 8);
  const question = query.subarray(12, query.indexOf(0, 12) + 5);
  const isPointer = question.readUInt16BE(question.length - 4) === 12;
  const data = isPointer ? Buffer.from('\x04host\x07example\0', 'latin1') : Buffer.from([192, 0, 2, 1]);
  const record = Buffer.from([0xc0, 12, 0, isPointer ? 12 : 1, 0, 1, 0, 0, 0, 1, 0, data.length]);
  return Buffer.concat([header, question, record, data]);
}
