// SPDX-License-Identifier: MIT
// What a drop cuts off: a TCP port, an abstract Unix name and the memory of the process that has both.
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';

export interface Outside {
  readonly port: number;
  readonly abstractName: string;
  readonly pid: number;
  close(): void;
}

async function listen(where: number | string): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.destroy();
  });
  if (typeof where === 'number') server.listen(where, '127.0.0.1');
  else server.listen(where);
  await once(server, 'listening');
  return server;
}

export async function startOutside(): Promise<Outside> {
  // As long as a name can be: libuv fills up a shorter one, or not, by its version.
  const abstractName = `disablenetwork-faults-${process.pid}-${Date.now()}`.padEnd(107, '-');
  const servers = await Promise.all([listen(0), listen(`\0${abstractName}`)]);
  return {
    port: (servers[0].address() as AddressInfo).port,
    abstractName,
    pid: process.pid,
    close: () => servers.forEach((server) => server.close()),
  };
}
