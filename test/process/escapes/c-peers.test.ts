// SPDX-License-Identifier: MIT
// Section C of the escape corpus: what a peer, a terminal or a signal can be made to do.
import { attackUnder, providers } from './row';

jest.setTimeout(120_000);

describe.each(providers)('provider %s', (provider) => {
  it('C05 a broker behind a pathname connects on request: named and open, closed under connected', async () => {
    for (const unixSockets of ['pathname', 'connected'] as const) {
      const result = await attackUnder(
        provider,
        async ({ attack, childProcess, events, fs, os, path, unixAddress, AF_UNIX, SOCK_STREAM }, policy) => {
          const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dn-'));
          const name = path.join(folder, 'docker.sock');
          const broker = childProcess.spawn('/usr/bin/python3', [
            '-u',
            '-c',
            `
import socket
server = socket.socket(socket.AF_UNIX)
server.bind('${name}')
server.listen()
print('ready')
while True:
    connection = server.accept()[0]
    if connection.recv(100):
        connection.send(b'%d' % socket.socket().fileno())
`,
          ]);
          await events.once(broker.stdout, 'data');
          const connect = (): [number, string] => {
            const fd = attack.call('socket', AF_UNIX, SOCK_STREAM, 0);
            return [fd, attack.connect(fd, unixAddress(name))];
          };
          const [free, control] = connect();
          attack.call('close', free);
          const { receipt } = attack.drop({ unixSockets: policy });
          const [fd, after] = connect();
          attack.sendto(fd, 'connect for me', 0);
          const reply = Buffer.alloc(8);
          const length =
            after === 'ok'
              ? attack.call(
                  'recvmsg',
                  fd,
                  (() => {
                    const header = Buffer.alloc(56);
                    const vector = Buffer.alloc(16);
                    vector.writeBigUInt64LE(attack.addressOf(reply), 0);
                    vector.writeBigUInt64LE(8n, 8);
                    header.writeBigUInt64LE(attack.addressOf(vector), 16);
                    header.writeBigUInt64LE(1n, 24);
                    return header;
                  })(),
                  0,
                )
              : 0;
          fs.rmSync(folder, { recursive: true });
          return { control, after, asked: length > 0, limits: receipt.limits.map(({ id }) => id) };
        },
        unixSockets,
      );
      expect(result.control).toBe('ok');
      expect(result.after).toBe(unixSockets === 'pathname' ? 'ok' : 'EPERM');
      expect(result.asked).toBe(unixSockets === 'pathname');
      expect(result.limits).toContain('unix-peers');
    }
  });

  it('C09 TIOCSTI and TIOCLINUX on a shared terminal', async () => {
    const result = await attackUnder(
      provider,
      ({ attack, fs }) => {
        // The child leads a session without a terminal: the first that it opens becomes its own.
        const primary = fs.openSync('/dev/ptmx', 'r+');
        attack.call('ioctl', primary, 0x40045431, attack.int(0)); // TIOCSPTLCK
        const number = attack.int(0);
        attack.call('ioctl', primary, 0x80045430, number); // TIOCGPTN
        const terminal = fs.openSync(`/dev/pts/${String(number.readInt32LE(0))}`, 'r+');
        const type = (request: number | bigint): string => attack.try('ioctl', terminal, request, Buffer.from('x'));
        const control = type(0x5412);
        attack.drop();
        return {
          control,
          after: [0x5412, (1n << 32n) | 0x5412n, 0x541c].map(type),
          kept: attack.try('ioctl', terminal, 0x5413, Buffer.alloc(8)),
        };
      },
      null,
    );
    // The kernel patch is about sockets: who shares a terminal with a shell is a peer of its.
    const after = provider === 'lsm' ? ['ok', 'ok', 'ENOTTY'] : ['EPERM', 'EPERM', 'EPERM'];
    expect(result).toEqual({ control: 'ok', after, kept: 'ok' });
  });

  it("C10 SIGUSR1 opens another Node's inspector, and cannot reach it: open, and harmless", async () => {
    const result = await attackUnder(
      provider,
      async ({ attack, childProcess, tryConnect, library }) => {
        const start = async (): Promise<{ pid: number; opened: Promise<number> }> => {
          const child = childProcess.spawn(process.execPath, [
            '--inspect-port=127.0.0.1:0',
            '-e',
            'setInterval(() => {}, 1000); console.log(1)',
          ]);
          const opened = new Promise<number>((resolve) => {
            let text = '';
            child.stderr.on('data', (chunk: Buffer) => {
              text += chunk.toString();
              const port = /ws:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[1];
              if (port !== undefined) resolve(Number(port));
            });
          });
          await new Promise((resolve) => child.stdout.once('data', resolve));
          return { pid: child.pid ?? -1, opened };
        };
        const [free, child] = await Promise.all([start(), start()]);
        attack.call('kill', free.pid, 10);
        const control = await tryConnect(await free.opened);
        attack.drop();
        const signal = attack.try('kill', child.pid, 10);
        const port = await child.opened;
        return {
          control,
          signal,
          opened: port > 0,
          connect: await tryConnect(port),
          disabled: library.isNetworkDisabled(),
        };
      },
      null,
    );
    expect(result).toMatchObject({ control: 'ok', signal: 'ok', opened: true, disabled: true });
    expect(['EPERM', 'ERR_DISABLENETWORK_DENIED']).toContain(result.connect);
  });
});
