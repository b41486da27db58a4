// SPDX-License-Identifier: MIT
// What a command under `disablenetwork run` cannot do, each with the same command without it, which
// can; and what it still can.
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { temporaryFolder } from '../../support/folders';
import { program, runBeside, type Outcome } from './command';
import { provider } from '../support/provider';

jest.setTimeout(120_000);

const answer = 'answer of the server';
const servers: Server[] = [];
const folder = temporaryFolder();
const unixPath = path.join(folder.path, 'server');
let port = 0;
let port6 = 0;
let udp: UdpSocket;
let udpPort = 0;

async function listen(target: { host: string; port: number } | { path: string }): Promise<number> {
  const server = createServer((request, response) => response.end(answer));
  servers.push(server);
  server.listen(target);
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'string' ? 0 : (address as AddressInfo).port;
}

beforeAll(async () => {
  port = await listen({ host: '127.0.0.1', port: 0 });
  port6 = await listen({ host: '::1', port: 0 });
  await listen({ path: unixPath });
  chmodSync(folder.path, 0o755);
  chmodSync(unixPath, 0o777);
  udp = createSocket('udp4');
  // Whatever comes goes back.
  udp.on('message', (message, { port: sender, address }) => udp.send(message, sender, address));
  udp.bind(0, '127.0.0.1');
  await once(udp, 'listening');
  udpPort = udp.address().port;
});

afterAll(() => {
  servers.forEach((server) => {
    server.closeAllConnections();
    server.close();
  });
  udp.close();
  folder.remove();
});

/** Runs a command, with the words before it; the last one of `prefix` starts it. */
async function execute(prefix: readonly string[], command: readonly string[]): Promise<Outcome> {
  const [file = '', ...args] = [...prefix, ...command];
  return runBeside(file, args);
}

// Not the first one of PATH: another user must be able to read it.
const python = (code: string) => ['/usr/bin/python3', '-c', `import socket, errno\n${code}`];

const tryPython = (act: string) =>
  python(`try:
    ${act}
    print('done')
except OSError as error:
    print(errno.errorcode[error.errno])`);

const curl = (url: string, ...options: string[]) => [
  ...['curl', '--silent', '--noproxy', '*', '--max-time', '20', ...options, url],
];

const node = (code: string) => [process.execPath, '-e', code];

interface Act {
  readonly what: string;
  readonly command: () => readonly string[];
  /** What it prints when it can, and when it cannot. */
  readonly free: string;
  readonly denied: string;
}

const acts: Act[] = [
  { what: 'curl', command: () => curl(`http://127.0.0.1:${port}/`), free: answer, denied: '' },
  { what: 'curl over IPv6', command: () => curl(`http://[::1]:${port6}/`), free: answer, denied: '' },
  {
    what: 'a socket in Python',
    command: () => tryPython(`socket.create_connection(('127.0.0.1', ${port})).close()`),
    free: 'done\n',
    denied: 'EPERM\n',
  },
  {
    what: 'UDP in Python',
    command: () =>
      tryPython(
        `s = socket.socket(type=socket.SOCK_DGRAM); s.sendto(b'x', ('127.0.0.1', ${udpPort})); assert s.recv(9) == b'x'`,
      ),
    free: 'done\n',
    denied: 'EPERM\n',
  },
  {
    what: 'a netlink socket in Python',
    command: () => tryPython('socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)'),
    free: 'done\n',
    denied: 'EPERM\n',
  },
  {
    what: 'fetch() in Node',
    command: () =>
      node(`fetch('http://127.0.0.1:${port}/').then((r) => r.text()).catch((e) => e.cause.code).then(console.log)`),
    free: `${answer}\n`,
    denied: 'EPERM\n',
  },
  {
    what: 'a child of a child of the shell',
    command: () => ['sh', '-c', `sh -c '${curl(`http://127.0.0.1:${port}/`).join(' ').replace('*', '"*"')}; true'`],
    free: answer,
    denied: '',
  },
];

const confinements: [string, string[]][] = [
  ['the best provider', ['run', '--']],
  ['seccomp alone', ['run', '--provider', 'seccomp', '--']],
  ['run inside run', ['run', '--', ...program, 'run', '--']],
];

// Users who differ in what they may ask of the kernel, as the words that come before the command.
const users: [string, string[], typeof confinements][] = [
  ['this user', [], confinements],
  ['an unprivileged user', ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'], confinements.slice(0, 1)],
  ['root of a user namespace', ['unshare', '--user', '--map-root-user'], confinements.slice(0, 1)],
  ['a user namespace without a mapping', ['unshare', '--user'], confinements.slice(0, 1)],
];

describe.each(users)('as %s', (_name, user, all) => {
  describe.each(acts)('$what', ({ command, free, denied }) => {
    it('works without run', async () => {
      expect((await execute(user, command())).stdout).toBe(free);
    });

    it.each(all)('is refused with %s', async (_confinement, run) => {
      const { stdout, stderr } = await execute([...user, ...program, ...run], command());
      expect(stderr).not.toContain('disablenetwork:');
      expect(stdout).toBe(denied);
    });
  });

  it('a Unix socket with a pathname works, but not with --unix-sockets connected', async () => {
    const command = curl('http://localhost/', '--unix-socket', unixPath);
    expect((await execute([...user, ...program, 'run', '--'], command)).stdout).toBe(answer);
    const run = [...program, 'run', '--unix-sockets', 'connected', '--'];
    expect(await execute([...user, ...run], command)).toMatchObject({ stdout: '', status: 7 });
  });
});

describe('inherited descriptors', () => {
  // Opens something as descriptor 3, and nothing above it, then becomes the rest of its arguments.
  const inherit = (code: string) => [
    ...python(`import os, sys
${code}
os.dup2(s.fileno(), 100)
os.dup2(100, 3)
os.closerange(4, 200)
os.execvp(sys.argv[1], sys.argv[1:])`),
  ];
  const udpSocket = () => inherit("s = socket.socket(type=socket.SOCK_DGRAM); s.bind(('127.0.0.1', 0))");
  const useUdp = () =>
    tryPython(
      `s = socket.socket(fileno=3); s.settimeout(20); s.sendto(b'x', ('127.0.0.1', ${udpPort})); assert s.recv(9) == b'x'`,
    );

  // The kernel patch asks at each use, so that such a socket leaves nothing open, whatever the options say.
  const refusedAtUse = async (...options: string[]) => {
    const run = [...program, 'run', '--verbose', ...options, '--'];
    const { status, stdout, stderr } = await execute([...udpSocket(), ...run], useUdp());
    expect([status, stdout]).toEqual([0, 'EPERM\n']);
    expect(stderr).not.toMatch(/udp-socket/);
  };

  it('that leave a way out are refused, each by name, and nothing is started', async () => {
    expect((await execute(udpSocket(), useUdp())).stdout).toBe('done\n');
    if (provider === 'lsm') {
      await refusedAtUse();
      return;
    }
    const { status, stdout, stderr } = await execute([...udpSocket(), ...program, 'run', '--'], useUdp());
    expect([status, stdout]).toEqual([125, '']);
    expect(stderr).toMatch(/^ {2}udp-socket {2}fd 3 127\.0\.0\.1:\d+ \(sendmsg\(\) .*\)$/m);
    expect(stderr).toContain("'--residuals close', or accept them with '--residuals udp-socket'\n");
  });

  it('are closed with --residuals close', async () => {
    if (provider === 'lsm') {
      await refusedAtUse('--residuals', 'close');
      return;
    }
    const run = [...program, 'run', '--verbose', '--residuals', 'close', '--'];
    const { stdout, stderr } = await execute([...udpSocket(), ...run], useUdp());
    expect(stdout).toBe('EBADF\n');
    expect(stderr).toMatch(/^ {2}closed +fd 3 +udp 127\.0\.0\.1:\d+ /m);
  });

  it('are kept with --residuals and their name, and with no other name', async () => {
    if (provider === 'lsm') {
      await refusedAtUse('--residuals', 'io-uring,udp-socket');
      await refusedAtUse('--residuals', 'io-uring');
      return;
    }
    const run = (names: string) => [...program, 'run', '--verbose', '--residuals', names, '--'];
    const kept = await execute([...udpSocket(), ...run('io-uring,udp-socket')], useUdp());
    expect(kept.stdout).toBe('done\n');
    expect(kept.stderr).toMatch(/^ {2}accepted +udp-socket +fd 3 /m);
    expect(await execute([...udpSocket(), ...run('io-uring')], useUdp())).toMatchObject({ status: 125, stdout: '' });
  });

  it('that are connected go on, and cannot be connected anew', async () => {
    const connected = inherit(`s = socket.create_connection(('127.0.0.1', ${port}))`);
    const use = python(`s = socket.socket(fileno=3)
s.sendall(b'GET / HTTP/1.0\\r\\n\\r\\n')
print(s.makefile().read().split('\\n')[-1])
try:
    s.connect(('127.0.0.1', ${port6}))
except OSError as error:
    print(errno.errorcode[error.errno])`);
    const { stdout, stderr } = await execute([...connected, ...program, 'run', '--'], use);
    expect(stderr).toBe('');
    expect(stdout).toMatch(new RegExp(`^${answer}\nE(ACCES|PERM|ISCONN)\n$`));
  });

  it('that listen go on accepting, or are closed with --listeners close', async () => {
    const listener = inherit("s = socket.create_server(('127.0.0.1', 0))");
    // The client is a child that was started before.
    const accept = `import os, sys
s = socket.socket(fileno=3)
peer, _ = s.accept()
print(peer.recv(9).decode())`;
    const client = `import os, sys
s = socket.socket(fileno=3)
if os.fork() == 0:
    socket.create_connection(s.getsockname()).sendall(b'hello')
    os._exit(0)
os.execvp(sys.argv[1], sys.argv[1:])`;
    const chain = [...listener, ...python(client), ...program, 'run'];
    expect((await execute([...chain, '--'], python(accept))).stdout).toBe('hello\n');
    const closed = await execute([...chain, '--listeners', 'close', '--'], tryPython('socket.socket(fileno=3)'));
    expect(closed.stdout).toBe('EBADF\n');
  });
});
