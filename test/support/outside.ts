// SPDX-License-Identifier: MIT
// What an attack in a child tries to reach.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer as createTcpServer, type Socket } from 'node:net';

import { timeFactor } from './time';

/** A TCP and a UDP port of this process: what gets here has got out of the child. */
export interface Outside {
  /** Of 127.0.0.1 and of ::1 alike, as the next one. */
  readonly tcp: number;
  readonly udp: number;
  /** Resolves when the text has come in, over any of them. */
  heard(text: string): Promise<void>;
  /** The text must never come in, which {@link broken} says. */
  expectSilence(text: string): void;
  /** The texts that should never have come in, and have. */
  broken(): string[];
  /** All that has come in so far. */
  readonly log: readonly string[];
  close(): void;
}

export async function startOutside(): Promise<Outside> {
  const log: string[] = [];
  const silent = new Set<string>();
  const sockets = new Set<Socket>();
  const take = (data: Buffer): void => {
    log.push(data.toString());
  };
  const listen = async (address: string, port: number) => {
    const server = createTcpServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('data', take);
    });
    server.listen(port, address);
    await once(server, 'listening');
    return { server, port: (server.address() as { port: number }).port };
  };
  const receive = async (address: string, port: number) => {
    const receiver = createSocket(address === '::1' ? 'udp6' : 'udp4', take);
    receiver.bind(port, address);
    await once(receiver, 'listening');
    return receiver;
  };
  const stream = await listen('127.0.0.1', 0);
  const datagrams = await receive('127.0.0.1', 0);
  const udp = datagrams.address().port;
  const [stream6, datagrams6] = await Promise.all([listen('::1', stream.port), receive('::1', udp)]);
  return {
    tcp: stream.port,
    udp,
    log,
    heard: async (text) => {
      const deadline = Date.now() + 20_000 * timeFactor;
      while (!log.join('').includes(text)) {
        if (Date.now() > deadline) throw new Error(`'${text}' has not come in; what has: ${JSON.stringify(log)}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    expectSilence: (text) => {
      silent.add(text);
    },
    broken: () => [...silent].filter((text) => log.join('').includes(text)),
    close: () => {
      sockets.forEach((socket) => socket.destroy());
      for (const { server } of [stream, stream6]) server.close();
      for (const receiver of [datagrams, datagrams6]) receiver.close();
    },
  };
}

/** How often a text has come in. */
export const countText = ({ log }: Outside, text: string): number => log.join('').split(text).length - 1;
