// SPDX-License-Identifier: MIT
// The ways out of the service, each a few lines that any program could contain.
import { execFile, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { lookup, Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { exchange } from './exchange';
import type { Failure, Operation, Settings } from './protocol';

const execute = promisify(execFile);

const pythonClient = `
import socket, sys
client = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5)
client.sendall(sys.argv[2].encode())
print(client.recv(100).decode(), end="")
`;

export function waysOut({ ports, programs, ring }: Settings): Record<string, Operation> {
  const worker = new Worker(join(__dirname, 'worker.js'));
  worker.unref();
  const run = async (file: string, ...args: string[]): Promise<string> => (await execute(file, args)).stdout;

  return {
    fetch: async (token) => (await fetch(`http://127.0.0.1:${ports.http}/${token}`)).text(),
    resolve: async (token) => {
      const resolver = new Resolver({ timeout: 2000, tries: 1 });
      resolver.setServers([`127.0.0.1:${ports.dns}`]);
      return (await resolver.resolve4(`${token}.example`)).join();
    },
    lookup: async (token) => (await lookup(`${token}.example`)).address,
    tcp: (token) => exchange(ports.tcp, token),
    udp: (token) => sendDatagram(ports.udp, token),
    listen: async (token) => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      server.close();
      return token;
    },
    worker: async (token) => {
      worker.postMessage({ port: ports.tcp, token });
      const [answer] = (await once(worker, 'message')) as [{ text: string } | { failure: Failure }];
      if ('text' in answer) return answer.text;
      throw new WorkerError(answer.failure);
    },
    curl: (token) => run(programs.curl, '-sS', '--max-time', '5', `http://127.0.0.1:${ports.http}/${token}`),
    python: (token) => run(programs.python3, '-c', pythonClient, String(ports.tcp), token),
    ring: (token) => run(ring, String(ports.tcp), token),
    setuid: () => effectiveUserOfSu(programs.su),
  };
}

/** What a Worker reported, thrown on in the main thread. */
export class WorkerError extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

function sendDatagram(port: number, token: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.on('error', reject);
    socket.on('message', (message) => socket.close(() => resolve(message.toString())));
    socket.send(token, port, '127.0.0.1', (error) => {
      if (error !== null) reject(error);
    });
  });
}

/**
 * Starts su, which is setuid root on every Debian. It waits for a password that never comes; until
 * then the kernel says which user it acts as. The answer is 'root', or an error.
 */
async function effectiveUserOfSu(su: string): Promise<string> {
  const child = spawn(su, { stdio: ['pipe', 'ignore', 'ignore'] });
  const ended = once(child, 'exit');
  try {
    await once(child, 'spawn');
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    const effectiveUser = /^Uid:\t\d+\t(\d+)/m.exec(status)?.[1];
    if (effectiveUser === '0') return 'root';
    throw new Error(`su acts as user ${effectiveUser}`);
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}
