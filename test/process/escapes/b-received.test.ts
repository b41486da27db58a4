// SPDX-License-Identifier: MIT
// Section B of the escape corpus: getting a socket from somebody else. B03 is with C02.
import { attackUnder, providers, startOutside, type Outside } from './row';

jest.setTimeout(120_000);

let outside: Outside;
beforeAll(async () => {
  outside = await startOutside();
});
afterAll(() => {
  outside.close();
});

describe.each(providers)('provider %s', (provider) => {
  it('B01, B02 SCM_RIGHTS after the drop: open, and named', async () => {
    const text = `B01 under ${provider};`;
    const result = await attackUnder(
      provider,
      async ({ attack, childProcess, fs, inetAddress, net, os, path, events }, input) => {
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dn-'));
        const name = path.join(folder, 'socket');
        // Started before the drop, so it has the network: it sends a UDP socket, a TCP socket and a
        // connected one to whoever connects.
        const sender = childProcess.spawn('/usr/bin/python3', [
          '-c',
          `
import array, socket
server = socket.socket(socket.AF_UNIX)
server.bind('${name}')
server.listen()
print('ready', flush=True)
while True:
    sockets = [socket.socket(type=socket.SOCK_DGRAM), socket.socket(), socket.create_connection(('127.0.0.1', ${String(input.tcp)}))]
    server.accept()[0].sendmsg([b'x'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [s.fileno() for s in sockets]))])
`,
        ]);
        await events.once(sender.stdout, 'data');
        const fetch = async (): Promise<number[]> => {
          const connection = net.connect(name).pause();
          await events.once(connection, 'connect');
          const { fd } = (connection as unknown as { _handle: { fd: number } })._handle;
          return attack.receive(fd, 3);
        };
        const [datagram = -1, loose = -1, connected = -1] = await fetch();
        const address = inetAddress(input.tcp);
        const receiver = inetAddress(input.udp);
        const tryAll = (sockets: number[], body: string): string[] => [
          attack.sendto(sockets[0] ?? -1, body, 0, receiver),
          attack.connect(sockets[1] ?? -1, address),
          attack.sendto(sockets[2] ?? -1, body, 0),
        ];
        const control = tryAll([datagram, loose, connected], 'control;');
        for (const fd of [datagram, loose, connected]) attack.call('close', fd);
        const { receipt, refused } = attack.drop();
        const after = tryAll(await fetch(), input.text);
        fs.rmSync(folder, { recursive: true });
        return { control, refused, after, limits: receipt.limits.map(({ id }) => id) };
      },
      { tcp: outside.tcp, udp: outside.udp, text },
    );
    expect(result).toMatchObject({ control: ['ok', 'ok', 'ok'], refused: [] });
    // Landlock closes what it can: a TCP socket that is not connected yet. The kernel patch asks at each use.
    const [datagram, loose] = { lsm: ['EPERM', 'EPERM'], landlock: ['ok', 'EACCES'], seccomp: ['ok', 'ok'] }[provider];
    expect(result.after).toEqual([datagram, loose, 'ok']);
    expect(result.limits).toContain('received-descriptors');
    await outside.heard(text);
  });

  it('B01 a socket that was on its way already, in a Unix socket of the process itself: open, and named', async () => {
    const text = `B01 in flight under ${provider};`;
    const result = await attackUnder(
      provider,
      ({ attack, inetAddress, AF_INET, AF_UNIX, SOCK_DGRAM, SOCK_STREAM }, input) => {
        const pair = Buffer.alloc(8);
        attack.call('socketpair', AF_UNIX, SOCK_STREAM, 0, pair);
        const [left, right] = [pair.readInt32LE(0), pair.readInt32LE(4)];
        const fd = attack.call('socket', AF_INET, SOCK_DGRAM, 0);
        const address = inetAddress(input.udp);
        const control = attack.sendto(fd, 'control;', 0, address);
        attack.sendmsg(left, 'x', { control: attack.controlMessage(1, 1, attack.int(fd)) });
        attack.call('close', fd);
        const { receipt, refused } = attack.drop();
        const [received = -1] = attack.receive(right, 1);
        return {
          control,
          refused,
          after: attack.sendto(received, input.text, 0, address),
          limits: receipt.limits.map(({ id, description }) => `${id}: ${description}`),
        };
      },
      { udp: outside.udp, text },
    );
    const after = provider === 'lsm' ? 'EPERM' : 'ok';
    expect(result).toMatchObject({ control: 'ok', refused: [], after });
    expect(result.limits.join()).toMatch(/received-descriptors:.*unread/);
    if (after === 'ok') await outside.heard(text);
  });

  it('B04 Node hands a connection over by its IPC: by design, and named', async () => {
    const text = `B04 under ${provider};`;
    const result = await attackUnder(
      provider,
      async ({ childProcess, net, paths, events }, input) => {
        const script = `
          const library = require(${JSON.stringify(paths.library)});
          const receipt = library.disableNetwork();
          process.on('message', (message, socket) => {
            socket.end(message, () => process.send(receipt.limits.map(({ id }) => id)));
          });
          process.send('ready');`;
        const child = childProcess.spawn(process.execPath, ['-e', script], {
          stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        });
        await events.once(child, 'message');
        const connection = net.connect(input.tcp, '127.0.0.1');
        await events.once(connection, 'connect');
        child.send(input.text, connection);
        const [limits] = (await events.once(child, 'message')) as [string[]];
        return limits;
      },
      { tcp: outside.tcp, text },
    );
    expect(result).toContain('received-descriptors');
    await outside.heard(text);
  });

  it('B05 a ring that another process polls, inherited: named', async () => {
    const result = await attackUnder(
      provider,
      async ({ childProcess, Ring, ringFlags, syscalls, paths, events }) => {
        const ring = new Ring(syscalls, ringFlags.sqPoll);
        const script = `
          const library = require(${JSON.stringify(paths.library)});
          process.send(library.planDisableNetwork().residuals.map(({ id, descriptor }) => [id, descriptor?.fd]));`;
        const run = async (...more: number[]): Promise<unknown> => {
          const child = childProcess.spawn(process.execPath, ['-e', script], {
            stdio: ['ignore', 'inherit', 'inherit', 'ipc', ...more],
          });
          return ((await events.once(child, 'message')) as [unknown])[0];
        };
        return { control: await run(), with: await run(ring.fd) };
      },
      null,
    );
    expect(result).toEqual({ control: [], with: [['io-uring', 4]] });
  });
});
