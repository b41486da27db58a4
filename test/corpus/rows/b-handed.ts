// SPDX-License-Identifier: MIT
// B04: what Node itself hands over between processes, by its IPC and by cluster.
import type { Socket } from 'node:net';
import type { Socket as DatagramSocket } from 'node:dgram';
import { row, type Row } from '../row';

const handles: Record<string, [title: string, code: string]> = {
  'connected-socket': [
    'a connected TCP socket',
    "const s = require('node:net').connect(tcp, '127.0.0.1', () => process.send('tcp', s));",
  ],
  'datagram-socket': [
    'a UDP socket',
    "const s = require('node:dgram').createSocket('udp4').bind(0, '127.0.0.1', () => process.send('udp', s));",
  ],
};

const sent = Object.entries(handles).map(([name, [title, input]]) =>
  row<NodeJS.EventEmitter & { send: (message: string) => void }, string>({
    id: `B04.send-${name}`,
    title: `${title} by process.send(), from a process that has the network`,
    input,
    wire: true,
    limit: 'received-descriptors',
    // The control's descriptors belong to an event loop, which would miss them.
    apart: true,
    prepare: async ({ childProcess, events }, { tcp, input: code }) => {
      const script = `const tcp = ${String(tcp)}; process.on('message', () => { ${code} }); process.send('ready');`;
      const stdio = ['ignore', 'inherit', 'inherit', 'ipc'] as const;
      const peer = childProcess.spawn(process.execPath, ['-e', script], { stdio: [...stdio] });
      await events.once(peer, 'message');
      return peer;
    },
    act: async ({ events }, { udp, text }, peer) => {
      const message = events.once(peer, 'message');
      peer.send('now');
      const [kind, handle] = (await message) as [string, Socket & DatagramSocket];
      return new Promise((resolve) => {
        const done = (error?: Error | null): void => {
          resolve((error as { code?: string } | null | undefined)?.code ?? 'ok');
        };
        if (kind === 'tcp') handle.once('error', done).write(text, done);
        else handle.send(text, udp, '127.0.0.1', done);
      });
    },
  }),
);

interface Worker {
  port: number;
  accepted: Promise<unknown> | null;
  connect: (port: number) => void;
}

/** The child is a worker; its primary is started without the drop, and hands on what it starts it with. */
const primary = `
const cluster = require('node:cluster');
const [, exec, ...args] = process.argv;
cluster.schedulingPolicy = SCHEDULING;
const stdio = [0, 1, 2, 3, 'ipc'];
cluster.setupPrimary({ exec: args[0], args: args.slice(1), execPath: exec, execArgv: [], stdio });
cluster.fork().on('exit', (code) => process.exit(code ?? 1));
`;
const launcherOf = (scheduling: 1 | 2): string[] => [
  process.execPath,
  '-e',
  primary.replaceAll('SCHEDULING', String(scheduling)),
];

const policies: Record<string, [title: string, scheduling: 1 | 2, when: 'before' | 'after']> = {
  'round-robin': ['accepted connections, to a server from before', 2, 'before'],
  'round-robin-listen-after': ['accepted connections, to a server that starts after', 2, 'after'],
  'shared-listener': ['a listening socket, before', 1, 'before'],
  'shared-listener-after': ['a listening socket, after', 1, 'after'],
};

const clustered = Object.entries(policies).map(([name, [title, scheduling, input]]) =>
  row<Worker, 'before' | 'after'>({
    id: `B04.cluster-${name}`,
    title: `the primary of a cluster hands over ${title}`,
    input,
    limit: scheduling === 1 && input === 'before' ? 'accepted-connections' : 'received-descriptors',
    launcher: launcherOf(scheduling),
    apart: true,
    prepare: async ({ childProcess, events, listen, net }, { input: when }) => {
      const script = `
import socket, sys
print('ready', flush=True)
socket.create_connection(('127.0.0.1', int(sys.stdin.readline()))).sendall(b'x')
sys.stdin.read()`;
      const client = childProcess.spawn('/usr/bin/python3', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
      await events.once(client.stdout, 'data');
      const connect = (port: number): void => void client.stdin.write(`${String(port)}\n`);
      if (when === 'after') return { port: 0, accepted: null, connect };
      const server = net.createServer();
      const accepted = events.once(server, 'connection');
      return { port: await listen(server), accepted, connect };
    },
    act: async ({ cluster, events, listen, net, timers }, _, state) => {
      if (!cluster.isWorker) return 'no worker';
      let { port, accepted } = state;
      if (accepted === null) {
        const server = net.createServer();
        accepted = events.once(server, 'connection');
        port = await listen(server);
      }
      state.connect(port);
      const connection = await Promise.race([accepted, timers.setTimeout(3000, null)]);
      if (connection === null) return 'ETIMEDOUT';
      const [socket] = connection as [Socket];
      const [data] = (await events.once(socket, 'data')) as [Buffer];
      return data.toString() === 'x' ? 'ok' : 'other data';
    },
  }),
);

export const handedRows: Row[] = [
  ...sent,
  ...clustered,
  row<null, null>({
    id: 'B04.cluster-datagram-after',
    title: 'the primary of a cluster hands over a UDP socket, after',
    wire: true,
    limit: 'received-descriptors',
    launcher: launcherOf(2),
    apart: true,
    act: async ({ cluster, dgram, events }, { udp, text }) => {
      if (!cluster.isWorker) return 'no worker';
      const socket = dgram.createSocket('udp4');
      socket.bind(0, '127.0.0.1');
      await events.once(socket, 'listening');
      return new Promise((resolve) => {
        socket.send(text, udp, '127.0.0.1', (error) => {
          resolve((error as { code?: string } | null)?.code ?? 'ok');
        });
      });
    },
  }),
];
