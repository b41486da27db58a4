// SPDX-License-Identifier: MIT
// A05, A12: sockets that listen already, and Unix sockets that do.
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Server } from 'node:net';

import { row, type Act, type Prepare, type Row } from '../row';
import { listenWithOneWaiting } from '../sockets';

interface State {
  server: Server;
  /** A process from before the drop: it comes in from outside, when it is told to. */
  client: ChildProcessWithoutNullStreams;
}

const listenWithClient: Prepare<State, null> = async ({ net, listen, childProcess }) => {
  const server = net.createServer((socket) => socket.on('error', () => undefined).end('hello'));
  const port = await listen(server);
  const program = `
import errno, socket, sys
sys.stdin.readline()
try:
    text = socket.create_connection(('127.0.0.1', ${String(port)}), 20).recv(9).decode()
    print('ok' if text == 'hello' else 'read ' + text)
except OSError as error:
    print(errno.errorcode.get(error.errno, repr(error)))
`;
  return { server, client: childProcess.spawn('python3', ['-c', program]) };
};

const comeIn: Act<State, null> = async (_toolbox, _situation, { server, client }) => {
  client.stdin.write('go\n');
  let answer = '';
  for await (const chunk of client.stdout) answer += String(chunk);
  server.close();
  return answer.trim();
};

const accept: Act<number, null> = ({ attack }, _situation, listener) => attack.try('accept', listener, null, null);

const tcp: Row[] = [
  row<State, null>({
    id: 'A12.listener-kept',
    title: 'a listening TCP socket goes on accepting connections, which are used',
    kept: true,
    apart: true,
    prepare: listenWithClient,
    act: comeIn,
  }),
  row<State, null>({
    id: 'A12.listener-named',
    title: 'a listening TCP socket lets anybody in from outside',
    limit: 'accepted-connections',
    apart: true,
    prepare: listenWithClient,
    act: comeIn,
  }),
  row<State, null>({
    id: 'A12.listener-closed',
    title: "listeners: 'close' ends a listening TCP socket",
    options: { listeners: 'close' },
    apart: true,
    prepare: listenWithClient,
    act: comeIn,
  }),
  row<State, null>({
    id: 'A12.listener-connected-kept',
    title: "under unixSockets 'connected': a listening TCP socket goes on accepting connections",
    options: { unixSockets: 'connected' },
    kept: true,
    apart: true,
    prepare: listenWithClient,
    act: comeIn,
  }),
  row<number, null>({
    id: 'A12.waiting-kept',
    title: 'a connection that waits in the queue of a listener is accepted',
    kept: true,
    prepare: listenWithOneWaiting,
    act: accept,
  }),
  row<number, null>({
    id: 'A12.waiting-closed',
    title: "listeners: 'close' leaves nothing to accept, by a duplicate of the listener either",
    options: { listeners: 'close' },
    prepare: listenWithOneWaiting,
    act: accept,
  }),
];

interface UnixForm {
  /** Whether a TCP socket is open beside it, which can be kept only where nothing can be made to listen. */
  besideTcp: boolean;
}

const unixListen: Row[] = [false, true].map((besideTcp) =>
  row<number, UnixForm>({
    id: `A05.unix-listen${besideTcp ? '-beside-tcp' : ''}`,
    title: `a new Unix socket listens${besideTcp ? ', while a TCP connection is kept' : ''}`,
    kept: true,
    input: { besideTcp },
    prepare: ({ attack, inetAddress, AF_INET, SOCK_STREAM }, { tcp: port, input }) => {
      if (!input.besideTcp) return -1;
      const fd = attack.call('socket', AF_INET, SOCK_STREAM, 0);
      attack.connect(fd, inetAddress(port));
      return fd;
    },
    act: ({ attack, fs, unixAddress, AF_UNIX, SOCK_STREAM }, { folder }) => {
      const fd = attack.call('socket', AF_UNIX, SOCK_STREAM, 0);
      fs.rmSync(`${folder}/socket`, { force: true });
      const bound = attack.bind(fd, unixAddress(`${folder}/socket`));
      return bound === 'ok' ? attack.try('listen', fd, 1) : bound;
    },
  }),
);

const unix: Row[] = [
  ...unixListen,
  ...Object.entries({ stream: 1, sequenced: 5 }).map(([name, type]) =>
    row<number, { type: number }>({
      id: `A12.unix-${name}-listener-kept`,
      title: `a listening Unix socket (${type === 1 ? 'SOCK_STREAM' : 'SOCK_SEQPACKET'}) goes on accepting connections by its pathname`,
      kept: true,
      input: { type },
      prepare: ({ attack, fs, unixAddress, AF_UNIX }, { folder, input }) => {
        const listener = attack.call('socket', AF_UNIX, input.type, 0);
        fs.rmSync(`${folder}/socket`, { force: true });
        attack.bind(listener, unixAddress(`${folder}/socket`));
        attack.call('listen', listener, 1);
        return listener;
      },
      act: ({ attack, unixAddress, AF_UNIX }, { folder, input }, listener) => {
        const client = attack.call('socket', AF_UNIX, input.type, 0);
        const connected = attack.connect(client, unixAddress(`${folder}/socket`));
        return connected === 'ok' ? attack.try('accept', listener, null, null) : connected;
      },
    }),
  ),
];

export const listenerRows: Row[] = [...tcp, ...unix];
