// SPDX-License-Identifier: MIT
// C04 to C08, C10, C14: what a process that has the network does on request. In each row a stand-in for
// such a service (../../support/peer.ts) sends the text that it is asked to.
import type { UnixSocketPolicy } from '../../../lib/types';
import type { Transport } from '../../support/peer';
import { row, type Row } from '../row';

interface Form {
  transport: Transport;
  title: string;
  /** The last part of the pathname; with an @ the name is abstract. */
  name: string;
  /** The connection is made before the drop. */
  connected?: true;
  /** The abstract name is put behind a pathname (sun_path starts with no zero byte). */
  unixSockets?: UnixSocketPolicy;
}

const forms: Record<string, Form> = {
  'C04.session-bus': { transport: 'stream', name: 'bus', title: 'a session bus (a stand-in), by pathname' },
  'C04.service-manager': {
    transport: 'seqpacket',
    name: 'private',
    title: 'a service manager that starts units on request (a stand-in)',
  },
  'C05.container-broker': { transport: 'stream', name: 'docker.sock', title: 'a broker like Docker (a stand-in)' },
  'C05.container-broker-connected': {
    transport: 'stream',
    name: 'docker.sock',
    title: "a broker like Docker (a stand-in), with unixSockets: 'connected'",
    unixSockets: 'connected',
  },
  'C05.container-broker-kept': {
    transport: 'stream',
    name: 'docker.sock',
    connected: true,
    title: "a connection to a broker from before, with unixSockets: 'connected'",
    unixSockets: 'connected',
  },
  'C05.pipe': { transport: 'pipe', name: 'requests', title: 'a service that takes its requests from a named pipe' },
  'C05.pipe-connected': {
    transport: 'pipe',
    name: 'requests',
    title: "a service that takes its requests from a named pipe, with unixSockets: 'connected'",
    unixSockets: 'connected',
  },
  'C05.shared-memory': { transport: 'memory', name: 'memory', title: 'a service that watches memory of a shared file' },
  'C07.resolver': {
    transport: 'stream',
    name: 'nscd',
    title: 'a resolver that looks names up on request (a stand-in)',
  },
  'C07.resolver-datagram': {
    transport: 'datagram',
    name: 'notify',
    title: 'a service that takes datagrams by pathname (a stand-in)',
  },
  'C07.resolver-datagram-connected': {
    transport: 'datagram',
    name: 'notify',
    title: "a service that takes datagrams by pathname, with unixSockets: 'connected'",
    unixSockets: 'connected',
  },
  'C07.ssh-master': { transport: 'stream', name: 'ControlMaster', title: "ssh's control socket (a stand-in)" },
  'C08.abstract-stream': { transport: 'stream', name: '@', title: "another process's abstract name: connect()" },
  'C08.abstract-seqpacket': {
    transport: 'seqpacket',
    name: '@',
    title: "another process's abstract name: connect() of SOCK_SEQPACKET",
  },
  'C08.abstract-datagram': { transport: 'datagram', name: '@', title: "another process's abstract name: sendto()" },
  'C08.abstract-stream-all': {
    transport: 'stream',
    name: '@',
    title: "another process's abstract name, with unixSockets: 'all'",
    unixSockets: 'all',
  },
  'C08.abstract-stream-connected': {
    transport: 'stream',
    name: '@',
    title: "another process's abstract name, with unixSockets: 'connected'",
    unixSockets: 'connected',
  },
  'C14.file': { transport: 'file', name: 'left-behind', title: 'a file that is left for another process to act upon' },
};

interface State {
  name: string;
  fd: number;
}

const requests = Object.entries(forms).map(([id, input]) =>
  row<State, Form>({
    id,
    title: input.title,
    input,
    wire: true,
    limit: input.name === '@' ? 'abstract-unix-names' : 'unix-peers',
    ...(input.unixSockets === undefined ? {} : { options: { unixSockets: input.unixSockets } }),
    prepare: async ({ attack, freshPath, startBroker, unixAddress, AF_UNIX, SOCK_STREAM }, situation) => {
      const { transport, name: last, connected } = situation.input;
      const path = `${freshPath(situation.folder)}-${last}`;
      const name = last === '@' ? `@${path}` : path;
      await startBroker(transport, name, situation);
      if (!connected) return { name, fd: -1 };
      const fd = attack.call('socket', AF_UNIX, SOCK_STREAM, 0);
      attack.connect(fd, unixAddress(name));
      return { name, fd };
    },
    act: ({ attack, fs, unixAddress, AF_UNIX }, { input: { transport }, text }, { name, fd }) => {
      const kinds: Partial<Record<Transport, number>> = { stream: 1, datagram: 2, seqpacket: 5 };
      const kind = kinds[transport];
      if (kind === undefined) {
        if (transport === 'memory') fs.writeSync(fs.openSync(name, 'r+'), text);
        else if (transport === 'pipe') fs.writeFileSync(name, text);
        else {
          fs.writeFileSync(`${name}.new`, text);
          fs.renameSync(`${name}.new`, name);
        }
        return 'ok';
      }
      if (fd >= 0) return attack.sendto(fd, text, 0);
      const own = attack.call('socket', AF_UNIX, kind, 0);
      if (own < 0) return attack.outcome(own);
      const address = unixAddress(name.startsWith('@') ? `\0${name.slice(1)}` : name);
      if (transport === 'datagram') return attack.sendto(own, text, 0, address);
      const connected = attack.connect(own, address);
      return connected === 'ok' ? attack.sendto(own, text, 0) : connected;
    },
  }),
);

const signals: Record<string, string> = {
  kill: 'kill()',
  tgkill: 'tgkill()',
  rt_sigqueueinfo: 'rt_sigqueueinfo()',
  pidfd_send_signal: 'pidfd_send_signal()',
};

const signalled = Object.entries(signals).map(([name, title]) =>
  row<number, string>({
    id: `C10.${name}`,
    title: `a service that acts on SIGUSR1, sent by ${title}`,
    input: name,
    wire: true,
    limit: 'unix-peers',
    prepare: async ({ startBroker }, situation) => startBroker('signal', '', situation),
    act: ({ attack }, { input }, pid) => {
      if (input === 'kill') return attack.try('kill', pid, 10);
      if (input === 'tgkill') return attack.try('tgkill', pid, pid, 10);
      if (input === 'pidfd_send_signal') return attack.try(input, attack.call('pidfd_open', pid, 0), 10, null, 0);
      const information = Buffer.alloc(128);
      information.writeInt32LE(-1, 8); // SI_QUEUE
      return attack.try('rt_sigqueueinfo', pid, 10, information);
    },
  }),
);

export const peerRows: Row[] = [
  ...requests,
  ...signalled,
  row<number, null>({
    id: 'C10.inspector',
    title: "another Node's inspector, opened by SIGUSR1 and connected to",
    apart: true,
    prepare: async ({ fs, freshPath, startPeer }, { folder }) => {
      const errors = freshPath(folder);
      const command = `exec "$0" --inspect-port=127.0.0.1:0 -e 'setInterval(() => {}, 1000); console.log(1)' 2> "$1"`;
      const { pid } = await startPeer('bash', '-c', command, process.execPath, errors);
      Object.assign(globalThis, { opened: () => /ws:.*:(\d+)\//.exec(fs.readFileSync(errors, 'utf8'))?.[1] });
      return pid;
    },
    act: async ({ attack, inetAddress, timers, AF_INET, SOCK_STREAM }, _situation, pid) => {
      const { opened } = globalThis as unknown as { opened: () => string | undefined };
      const signal = attack.try('kill', pid, 10);
      if (signal !== 'ok') return signal;
      let port = opened();
      for (; port === undefined; port = opened()) await timers.setTimeout(5);
      const fd = attack.call('socket', AF_INET, SOCK_STREAM, 0);
      return fd < 0 ? attack.outcome(fd) : attack.connect(fd, inetAddress(Number(port)));
    },
  }),
  row<string, null>({
    id: 'C14.program',
    title: 'a program that is left for another process to run',
    wire: true,
    limit: 'unix-peers',
    prepare: async ({ freshPath, startPeer }, { folder }) => {
      const path = freshPath(folder);
      const script = `echo ready; until [ -x "$1" ]; do sleep 0.01; done; "$1"`;
      await startPeer('bash', '-c', script, 'bash', path);
      return path;
    },
    act: ({ fs, shellCommand }, situation, path) => {
      fs.writeFileSync(`${path}.new`, `#!/bin/bash\n${shellCommand(situation)}\n`, { mode: 0o755 });
      fs.renameSync(`${path}.new`, path);
      return 'ok';
    },
  }),
  row<string, null>({
    id: 'C08.pathname',
    title: 'a server behind a pathname, as an X client reaches its display: a request and its answer',
    kept: true,
    prepare: async ({ freshPath, startBroker }, situation) => {
      const path = freshPath(situation.folder);
      await startBroker('stream', path, situation);
      return path;
    },
    act: async ({ connect, events }, { text }, path) => {
      const socket = await connect(path);
      socket.write(text);
      const [answer] = (await events.once(socket, 'data')) as [Buffer];
      socket.destroy();
      return answer.toString() === 'done' ? 'ok' : answer.toString();
    },
    apart: true,
  }),
  row<null, null>({
    id: 'C08.abstract-own',
    title: "an abstract name of the process's own: bind(), listen(), connect() in one thread",
    kept: true,
    act: ({ attack, freshPath, unixAddress, AF_UNIX, SOCK_STREAM }, { folder }) => {
      const address = unixAddress(`\0${freshPath(folder)}`);
      const listener = attack.call('socket', AF_UNIX, SOCK_STREAM, 0);
      const bound = attack.bind(listener, address);
      if (bound !== 'ok') return bound;
      attack.call('listen', listener, 8);
      return attack.connect(attack.call('socket', AF_UNIX, SOCK_STREAM, 0), address);
    },
  }),
];
