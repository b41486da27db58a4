// SPDX-License-Identifier: MIT
// Section A of the escape corpus, TCP: what an open connection or a listener can be turned into.
import { attackUnder, providers, startOutside, type Outside, type Provider } from './row';

jest.setTimeout(120_000);

let outside: Outside;
beforeAll(async () => {
  outside = await startOutside();
});
afterAll(() => {
  outside.close();
});

interface Input {
  tcp: number;
  text: string;
}

describe.each(providers)('provider %s', (provider: Provider) => {
  const input = (row: string): Input => ({ tcp: outside.tcp, text: `${row} under ${provider};` });

  it('A09 source routing and other options that re-aim a connected socket', async () => {
    const result = await attackUnder(
      provider,
      ({ attack, inetAddress, AF_INET, AF_INET6, SOCK_STREAM, SOCK_DGRAM }, { tcp }) => {
        const make = (family: number, type: number): number => attack.call('socket', family, type, 0);
        // Loose source route through 127.0.0.1; a type 4 (segment routing) header of one segment ::1.
        const sourceRoute = Buffer.from('830704' + '7f000001' + '00', 'hex');
        const routingHeader = Buffer.concat([
          Buffer.from('0002040000000000', 'hex'),
          inetAddress(0, '::1').subarray(8, 24),
        ]);
        const membership = Buffer.from('e0000009' + '7f000001', 'hex');
        const membership6 = Buffer.concat([Buffer.from('ff020000000000000000000000000009', 'hex'), attack.int(1)]);
        const options: Record<string, [family: number, level: number, option: number, value: Buffer]> = {
          IP_OPTIONS: [AF_INET, 0, 4, sourceRoute],
          IPV6_RTHDR: [AF_INET6, 41, 57, routingHeader],
          IPV6_2292RTHDR: [AF_INET6, 41, 5, routingHeader],
          IPV6_2292PKTOPTIONS: [AF_INET6, 41, 6, Buffer.alloc(0)],
          IP_ADD_MEMBERSHIP: [AF_INET, 0, 35, membership],
          IPV6_JOIN_GROUP: [AF_INET6, 41, 20, membership6],
          TCP_ULP: [AF_INET, 6, 31, Buffer.from('smc')],
          SO_BINDTODEVICE: [AF_INET, 1, 25, Buffer.from('lo\0')],
          SO_BINDTOIFINDEX: [AF_INET, 1, 62, attack.int(1)],
        };
        // The control: the kernel's own answer, whatever it is, is not EPERM; on datagram sockets,
        // for groups are not joined by TCP.
        const control = Object.fromEntries(
          Object.entries(options).map(([name, [family, level, option, value]]) => {
            const fd = make(family, level === 6 ? SOCK_STREAM : SOCK_DGRAM);
            const answer = attack.setsockopt(fd, level, option, value);
            attack.call('close', fd);
            return [name, answer];
          }),
        );
        const sockets: Record<number, number> = {
          [AF_INET]: make(AF_INET, SOCK_STREAM),
          [AF_INET6]: make(AF_INET6, SOCK_STREAM),
        };
        attack.connect(sockets[AF_INET] ?? -1, inetAddress(tcp));
        const datagrams: Record<number, number> = {
          [AF_INET]: make(AF_INET, SOCK_DGRAM),
          [AF_INET6]: make(AF_INET6, SOCK_DGRAM),
        };
        attack.drop();
        const after = Object.fromEntries(
          Object.entries(options).map(([name, [family, level, option, value]]) => [
            name,
            [sockets, datagrams].map((set) => attack.setsockopt(set[family] ?? -1, level, option, value)),
          ]),
        );
        const high = (1n << 32n) | 4n;
        return {
          control,
          after,
          high: [
            attack.try('setsockopt', sockets[AF_INET] ?? -1, 1n << 32n, 4, sourceRoute, 8),
            attack.try('setsockopt', sockets[AF_INET] ?? -1, 0, high, sourceRoute, 8),
          ],
          // Denying setsockopt as a whole ends every Chromium.
          kept: attack.setsockopt(sockets[AF_INET] ?? -1, 1, 9, attack.int(1)),
        };
      },
      input('A09'),
    );
    const names = Object.keys(result.control);
    expect(names).toHaveLength(9);
    for (const name of names) expect([name, result.control[name]]).not.toEqual([name, 'EPERM']);
    expect(result.control).toMatchObject({
      IP_OPTIONS: 'ok',
      IP_ADD_MEMBERSHIP: 'ok',
      IPV6_JOIN_GROUP: 'ok',
      SO_BINDTODEVICE: 'ok',
    });
    const refused = names.filter((name) => provider !== 'lsm' || name !== 'TCP_ULP');
    for (const name of refused) expect([name, result.after[name]]).toEqual([name, ['EPERM', 'EPERM']]);
    // A TCP socket that becomes one of SMC is no Unix socket either, which is all that the kernel patch asks.
    for (const name of names.filter((other) => !refused.includes(other)))
      expect([name, result.after[name]]).not.toEqual([name, expect.arrayContaining(['EPERM'])]);
    expect(result.high).toEqual(['EPERM', 'EPERM']);
    expect(result.kept).toBe('ok');
  });

  it('A10 IPV6_ADDRFORM cannot turn a socket into another family', async () => {
    const result = await attackUnder(
      provider,
      ({ attack, inetAddress, AF_INET6, SOCK_STREAM }, { tcp }) => {
        const mapped = Buffer.concat([
          inetAddress(tcp, '::').subarray(0, 8),
          Buffer.from('00000000000000000000ffff7f00000100000000', 'hex'),
        ]);
        const make = (): number => {
          const fd = attack.call('socket', AF_INET6, SOCK_STREAM, 0);
          attack.connect(fd, mapped);
          return fd;
        };
        const control = attack.setsockopt(make(), 41, 1, attack.int(2));
        const fd = make();
        attack.drop();
        return { control, after: attack.setsockopt(fd, 41, 1, attack.int(2)) };
      },
      input('A10'),
    );
    // The kernel patch goes by what a socket is when it is used.
    expect(result).toEqual({ control: 'ok', after: provider === 'lsm' ? 'ok' : 'EPERM' });
  });

  it('A12 a listening socket goes on accepting, unless closed by option', async () => {
    for (const listeners of ['keep', 'close'] as const) {
      const result = await attackUnder(
        provider,
        async ({ attack, net, listen, tryConnect, childProcess, report, timers }, { listeners: policy }) => {
          const server = net.createServer((socket) => socket.on('error', () => undefined).end('hello'));
          const port = await listen(server);
          const control = await tryConnect(port);
          // A process from before the drop comes in from outside.
          const client = childProcess.spawn('python3', [
            '-u',
            '-c',
            `
import socket, sys
sys.stdin.readline()
try:
    print(socket.create_connection(('127.0.0.1', ${String(port)}), 10).recv(9).decode())
except OSError as error:
    print('error', error.errno)
`,
          ]);
          await timers.setTimeout(1);
          const { receipt } = attack.drop({ listeners: policy, residuals: ['tcp-socket'] });
          report(0);
          client.stdin.write('go\n');
          let text = '';
          for await (const chunk of client.stdout) text += String(chunk);
          return {
            control,
            text: text.trim(),
            limits: receipt.limits.map(({ id }) => id),
            closed: receipt.closed.length,
          };
        },
        { listeners },
      );
      expect(result.control).toBe('ok');
      if (listeners === 'keep') {
        expect(result).toMatchObject({ text: 'hello', closed: 0 });
        expect(result.limits).toContain('accepted-connections');
      } else {
        expect(result).toMatchObject({ text: 'error 111', closed: 1 });
        expect(result.limits).not.toContain('accepted-connections');
      }
    }
  });
});
