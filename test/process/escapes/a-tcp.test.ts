// SPDX-License-Identifier: MIT
// Section A of the escape corpus, TCP: what can be done with a socket that was made before the drop.
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
  const isPatched = provider === 'lsm';
  const closed = provider !== 'seccomp';
  const denied = isPatched ? 'EPERM' : 'EACCES';

  it('A01 TCP socket made before, connected and bound after', async () => {
    const result = await attackUnder(
      provider,
      ({ attack, inetAddress, AF_INET, AF_INET6, SOCK_STREAM }, { tcp, text }) => {
        const address = inetAddress(tcp);
        const control = attack.connect(attack.call('socket', AF_INET, SOCK_STREAM, 0), address);
        const fd = attack.call('socket', AF_INET, SOCK_STREAM, 0);
        const fd6 = attack.call('socket', AF_INET6, SOCK_STREAM, 0);
        const { refused } = attack.drop();
        const mine = refused.filter(([, descriptor]) => descriptor === fd || descriptor === fd6);
        return {
          control,
          named: mine.map(([id]) => id),
          connect: attack.connect(fd, address),
          bind: attack.bind(attack.call('dup', fd6), inetAddress(0, '::1')),
          // ::ffff:127.0.0.1, and an IPv4 address on the IPv6 socket.
          mapped: attack.connect(
            fd6,
            Buffer.concat([
              inetAddress(tcp, '::').subarray(0, 8),
              Buffer.from('00000000000000000000ffff7f00000100000000', 'hex'),
            ]),
          ),
          foreign: attack.connect(fd6, address),
          sent: attack.sendto(fd, text, 0),
        };
      },
      input('A01'),
    );
    expect(result.control).toBe('ok');
    if (closed) {
      expect(result).toMatchObject({ named: [], connect: denied, bind: denied, mapped: denied });
      expect(result.foreign).toBe(isPatched ? 'EPERM' : 'EINVAL');
      expect(result.sent).not.toBe('ok');
    } else {
      expect(result).toMatchObject({ named: ['tcp-socket', 'tcp-socket'], connect: 'ok', bind: 'ok', sent: 'ok' });
      await outside.heard(input('A01').text);
    }
  });

  it('A03 connected TCP: connect(AF_UNSPEC), then connect elsewhere', async () => {
    const result = await attackUnder(
      provider,
      ({ attack, inetAddress, AF_INET, SOCK_STREAM }, { tcp, text }) => {
        const address = inetAddress(tcp);
        const dissolve = Buffer.alloc(16);
        const make = (): number => {
          const fd = attack.call('socket', AF_INET, SOCK_STREAM, 0);
          attack.connect(fd, address);
          return fd;
        };
        const free = make();
        const control = [attack.connect(free, dissolve), attack.connect(free, address)];
        attack.call('close', free);
        const fd = make();
        const { refused } = attack.drop();
        return {
          control,
          fd,
          refused,
          kept: attack.sendto(fd, 'kept;', 0),
          dissolved: attack.connect(fd, dissolve),
          again: attack.connect(fd, address),
          sent: attack.sendto(fd, text, 0),
        };
      },
      input('A03'),
    );
    expect(result).toMatchObject({ control: ['ok', 'ok'], kept: 'ok', dissolved: isPatched ? 'EPERM' : 'ok' });
    if (isPatched) {
      // It is still the connection that it was.
      expect(result).toMatchObject({ refused: [], again: 'EPERM', sent: 'ok' });
    } else if (closed) {
      expect(result).toMatchObject({ refused: [], again: 'EACCES' });
      expect(result.sent).not.toBe('ok');
    } else {
      expect(result).toMatchObject({ refused: [['tcp-socket', result.fd]], again: 'ok', sent: 'ok' });
      await outside.heard(input('A03').text);
    }
  });

  it("A03 connected TCP under unixSockets 'connected': nothing connects, on any provider", async () => {
    const result = await attackUnder(
      provider,
      ({ attack, inetAddress, AF_INET, SOCK_STREAM }, { tcp }) => {
        const fd = attack.call('socket', AF_INET, SOCK_STREAM, 0);
        const control = attack.connect(fd, inetAddress(tcp));
        const { refused } = attack.drop({ unixSockets: 'connected' });
        return {
          control,
          refused,
          kept: attack.sendto(fd, 'kept;', 0),
          dissolved: attack.connect(fd, Buffer.alloc(16)),
          bound: attack.bind(fd, inetAddress(0)),
          listening: attack.try('listen', fd, 1),
        };
      },
      input('A03c'),
    );
    expect(result).toEqual({
      control: 'ok',
      refused: [],
      kept: 'ok',
      dissolved: 'EPERM',
      bound: 'EPERM',
      listening: 'EPERM',
    });
  });

  it('A05 unbound TCP that listens, connected TCP dissolved that listens', async () => {
    const result = await attackUnder(
      provider,
      ({ attack, inetAddress, AF_INET, SOCK_STREAM }, { tcp }) => {
        const make = (): number => attack.call('socket', AF_INET, SOCK_STREAM, 0);
        const connected = (): number => {
          const fd = make();
          attack.connect(fd, inetAddress(tcp));
          return fd;
        };
        const listen = (fd: number): string => {
          attack.connect(fd, Buffer.alloc(16));
          return attack.try('listen', fd, 1);
        };
        const free = [make(), connected()];
        const control = free.map(listen);
        free.forEach((fd) => attack.call('close', fd));
        const [unbound, dissolved] = [make(), connected()];
        const { receipt } = attack.drop();
        return {
          control,
          sideEffects: receipt.sideEffects.map(({ id }) => id),
          after: [unbound, dissolved].map(listen),
          // The number is an int: the upper half of the register must not help.
          high: attack.try('listen', (1n << 32n) | BigInt(unbound), 1),
        };
      },
      input('A05'),
    );
    expect(result).toMatchObject({ control: ['ok', 'ok'], after: ['EPERM', 'EPERM'], high: 'EPERM' });
    expect(result.sideEffects.includes('unix-listen')).toBe(!isPatched);
  });

  it('A06 TCP Fast Open: flags of every send, and the option', async () => {
    const result = await attackUnder(
      provider,
      ({ attack, inetAddress, AF_INET, SOCK_STREAM, MSG_FASTOPEN }, { tcp, text }) => {
        const address = inetAddress(tcp);
        const make = (): number => attack.call('socket', AF_INET, SOCK_STREAM, 0);
        const ways: Record<string, (fd: number, body: string) => string> = {
          sendto: (fd, body) => attack.sendto(fd, body, MSG_FASTOPEN, address),
          sendmsg: (fd, body) => attack.sendmsg(fd, body, { address, flags: MSG_FASTOPEN }),
          sendmmsg: (fd, body) => attack.sendmmsg(fd, body, { address, flags: MSG_FASTOPEN }),
          option: (fd) => attack.setsockopt(fd, 6, 30, attack.int(1)),
        };
        const tryAll = (body: string): Record<string, string> =>
          Object.fromEntries(Object.entries(ways).map(([name, way]) => [name, way(make(), body)]));
        const control = tryAll('A06 control;');
        const sockets = Object.entries(ways).map(([name, way]) => ({ name, way, fd: make() }));
        // Set before the drop, used after it.
        const early = make();
        attack.setsockopt(early, 6, 30, attack.int(1));
        const high = make();
        attack.drop();
        return {
          control,
          after: Object.fromEntries(sockets.map(({ name, way, fd }) => [name, way(fd, text)])),
          early: attack.connect(early, address),
          high: attack.try(
            'sendto',
            high,
            Buffer.from(text),
            text.length,
            (1n << 32n) | BigInt(MSG_FASTOPEN | 0x40),
            address,
            address.length,
          ),
        };
      },
      input('A06'),
    );
    expect(result.control).toEqual({ sendto: 'ok', sendmsg: 'ok', sendmmsg: 'ok', option: 'ok' });
    // The option is harmless where the connect that follows is refused, and that is `early`.
    const option = isPatched ? 'ok' : 'EPERM';
    expect(result.after).toEqual({ sendto: 'EPERM', sendmsg: 'EPERM', sendmmsg: 'EPERM', option });
    expect(result.high).toBe('EPERM');
    expect(result.early).toBe(closed ? denied : 'ok');
    expect(outside.log.join('')).not.toContain(input('A06').text);
  });

  it('A07 MPTCP socket made before', async () => {
    const result = await attackUnder(
      provider,
      ({ attack, inetAddress, AF_INET, SOCK_STREAM }, { tcp, text }) => {
        const make = (): number => attack.call('socket', AF_INET, SOCK_STREAM, 262);
        const free = make();
        const control = attack.connect(free, inetAddress(tcp));
        attack.call('close', free);
        const fd = make();
        const { refused } = attack.drop();
        return { control, fd, refused, after: attack.connect(fd, inetAddress(tcp)), sent: attack.sendto(fd, text, 0) };
      },
      input('A07'),
    );
    if (isPatched) {
      expect(result).toMatchObject({ control: 'ok', refused: [], after: 'EPERM' });
      expect(result.sent).not.toBe('ok');
      return;
    }
    expect(result).toMatchObject({ control: 'ok', refused: [['mptcp-socket', result.fd]], after: 'ok', sent: 'ok' });
    await outside.heard(input('A07').text);
  });

  it("A07 MPTCP under unixSockets 'connected': closed", async () => {
    const result = await attackUnder(
      provider,
      ({ attack, inetAddress, AF_INET, SOCK_STREAM, MSG_FASTOPEN }, { tcp, text }) => {
        const address = inetAddress(tcp);
        const make = (): number => attack.call('socket', AF_INET, SOCK_STREAM, 262);
        const control = attack.connect(make(), address);
        const fd = make();
        const { refused } = attack.drop({ unixSockets: 'connected' });
        return {
          control,
          refused,
          connect: attack.connect(fd, address),
          sendmsg: attack.sendmsg(fd, text, { address }),
          fastOpen: attack.sendmsg(fd, text, { address, flags: MSG_FASTOPEN }),
          listen: attack.try('listen', fd, 1),
        };
      },
      input('A07c'),
    );
    expect(result).toMatchObject({ control: 'ok', refused: [], connect: 'EPERM', fastOpen: 'EPERM', listen: 'EPERM' });
    expect(result.sendmsg).not.toBe('ok');
    expect(outside.log.join('')).not.toContain(input('A07c').text);
  });
});
