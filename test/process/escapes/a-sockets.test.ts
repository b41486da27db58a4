// SPDX-License-Identifier: MIT
// Section A of the escape corpus: every other kind of socket and device that is open already.
import { attackUnder, countText, providers, startOutside, type Outside } from './row';

jest.setTimeout(120_000);

let outside: Outside;
beforeAll(async () => {
  outside = await startOutside();
});
afterAll(() => {
  outside.close();
});

describe.each(providers)('provider %s', (provider) => {
  const isPatched = provider === 'lsm';
  /** What the use of a socket that was made before answers, where it is not closed but refused at use. */
  const atUse = isPatched ? 'EPERM' : 'ok';

  it('A02 UDP socket made before, connected and addressed after: refused at use, or named and open', async () => {
    const text = `A02 under ${provider};`;
    const result = await attackUnder(
      provider,
      ({ attack, inetAddress, AF_INET, SOCK_DGRAM }, input) => {
        const address = inetAddress(input.udp);
        const make = (): number => attack.call('socket', AF_INET, SOCK_DGRAM, 0);
        const free = make();
        const control = [attack.connect(free, address), attack.sendto(make(), 'A02 control;', 0, address)];
        for (let fd = free; fd < free + 2; fd++) attack.call('close', fd);
        const fd = make();
        const { refused } = attack.drop();
        return {
          control,
          fd,
          refused,
          sendto: attack.sendto(fd, input.text, 0, address),
          connect: attack.connect(fd, address),
        };
      },
      { udp: outside.udp, text },
    );
    expect(result).toMatchObject({
      control: ['ok', 'ok'],
      refused: isPatched ? [] : [['udp-socket', result.fd]],
      sendto: atUse,
      connect: atUse,
    });
    if (isPatched) expect(countText(outside, text)).toBe(0);
    else await outside.heard(text);
  });

  it('A04 connected UDP sends elsewhere, by each call: refused at use, or named and open', async () => {
    const text = `A04 under ${provider};`;
    const result = await attackUnder(
      provider,
      ({ attack, inetAddress, AF_INET, SOCK_DGRAM }, input) => {
        const fd = attack.call('socket', AF_INET, SOCK_DGRAM, 0);
        attack.connect(fd, inetAddress(9));
        const address = inetAddress(input.udp);
        // AF_UNSPEC as the family of a destination means AF_INET to UDP.
        const unspecified = Buffer.from(address);
        unspecified.writeUInt16LE(0, 0);
        const send = (): string[] => [
          attack.sendto(fd, input.text, 0, address),
          attack.sendmsg(fd, input.text, { address }),
          attack.sendmmsg(fd, input.text, { address }),
          attack.sendto(fd, input.text, 0, unspecified),
        ];
        const control = send();
        const { refused } = attack.drop();
        return { control, fd, refused, after: send() };
      },
      { udp: outside.udp, text },
    );
    expect(result.control).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(result.refused).toEqual(isPatched ? [] : [['udp-socket', result.fd]]);
    expect(result.after).toEqual([atUse, atUse, atUse, atUse]);
    await outside.heard(text.repeat(isPatched ? 4 : 8));
    if (isPatched) expect(countText(outside, text)).toBe(4);
  });

  it("A04 residuals: 'close' leaves nothing of a UDP socket, duplicates included", async () => {
    const text = `A04 closed under ${provider};`;
    const result = await attackUnder(
      provider,
      ({ attack, inetAddress, AF_INET, SOCK_DGRAM }, input) => {
        const address = inetAddress(input.udp);
        const fd = attack.call('socket', AF_INET, SOCK_DGRAM, 0);
        const copy = attack.call('dup', fd);
        const control = attack.sendto(fd, 'control;', 0, address);
        const { receipt } = attack.drop({ residuals: 'close' });
        return {
          control,
          closed:
            receipt.closed
              .map((descriptor) => descriptor.fd)
              .sort()
              .join() === (input.closes ? [fd, copy] : []).sort().join(),
          after: [fd, copy].map((socket) => attack.sendto(socket, input.text, 0, address)),
          connect: [fd, copy].map((socket) => attack.connect(socket, address)),
        };
      },
      // What is refused at use is no residual, and needs no closing.
      { udp: outside.udp, text, closes: !isPatched },
    );
    expect(result).toMatchObject({ control: 'ok', closed: true });
    expect([...result.after, ...result.connect]).not.toContain('ok');
    expect(outside.log.join('')).not.toContain(text);
  });

  // The kernel patch refuses them on an SCTP socket, which its own tests have (sctp_test.c), and leaves
  // a TCP socket's own answer alone.
  it('A08 SCTP: connectx, bindx and their old forms are refused by number', async () => {
    const result = await attackUnder(
      provider,
      ({ attack, AF_INET, SOCK_STREAM }) => {
        // A kernel without SCTP has no socket to try on: the control is that the option is looked
        // up on a TCP socket, and not refused by number.
        const fd = attack.call('socket', AF_INET, SOCK_STREAM, 0);
        const value = Buffer.alloc(64);
        const length = attack.int(64);
        const tryAll = (): string[] => [
          ...[100, 107, 110].map((option) => attack.setsockopt(fd, 132, option, value)),
          attack.try('getsockopt', fd, 132, 111, value, length),
        ];
        const control = tryAll();
        attack.drop({ residuals: ['tcp-socket'] });
        return { control, after: tryAll() };
      },
      null,
    );
    expect(result.control).not.toContain('EPERM');
    expect(result.after).toEqual(isPatched ? result.control : ['EPERM', 'EPERM', 'EPERM', 'EPERM']);
  });

  it('A10 SOCK_PACKET, whose addresses claim any family, made before and after', async () => {
    const result = await attackUnder(
      provider,
      ({ attack, AF_INET, AF_UNIX }) => {
        const address = Buffer.alloc(16);
        address.writeUInt16LE(AF_UNIX, 0);
        address.write('lo', 2);
        const fd = attack.call('socket', AF_INET, 10, 0x0300);
        const frame = 'x'.repeat(60);
        const control = attack.sendto(fd, frame, 0, address);
        const { refused } = attack.drop();
        return {
          control,
          fd,
          refused,
          after: attack.sendto(fd, frame, 0, address),
          fresh: attack.try('socket', AF_INET, 10, 0x0300),
        };
      },
      null,
    );
    expect(result).toMatchObject({
      control: 'ok',
      refused: isPatched ? [] : [['packet-socket', result.fd]],
      after: atUse,
      fresh: 'EPERM',
    });
  });

  it('A11 other families made before: each is named, or refused at use', async () => {
    const result = await attackUnder(
      provider,
      ({ attack }) => {
        const wanted: [name: string, family: number, type: number, protocol: number][] = [
          ['raw-socket', 2, 3, 255],
          ['raw-socket', 10, 3, 58],
          ['packet-socket', 17, 3, 0],
          ['netlink-socket', 16, 3, 0],
          ['vsock-socket', 40, 1, 0],
          ['udp-socket', 2, 2, 136],
          ['other-socket', 44, 3, 0],
          ['other-socket', 2, 2, 1],
        ];
        const made = wanted
          .map(([name, family, type, protocol]) => ({
            name,
            family,
            fd: attack.call('socket', family, type, protocol),
          }))
          .filter(({ fd }) => fd >= 0);
        const xdp = made.find(({ family }) => family === 44)?.fd ?? -1;
        const { refused } = attack.drop();
        return { made: made.map(({ name, fd }): [string, number] => [name, fd]), xdp, refused };
      },
      null,
    );
    expect(result.made.map(([name]) => name)).toEqual(
      expect.arrayContaining([
        'raw-socket',
        'packet-socket',
        'netlink-socket',
        'vsock-socket',
        'udp-socket',
        'other-socket',
      ]),
    );
    // AF_XDP (44) sends by poll(), which no hook of the kernel sees: named under every provider.
    expect(result.refused).toEqual(isPatched ? result.made.filter(([, fd]) => fd === result.xdp) : result.made);
  });

  it('A11 other families made after: no family, no type, by no call', async () => {
    const result = await attackUnder(
      provider,
      ({ attack }) => {
        const tryAll = (): Record<string, number> => {
          const answers: Record<string, number> = {};
          const pair = Buffer.alloc(8);
          for (const high of [0n, 1n << 32n]) {
            for (let family = 0n; family < 64n; family++) {
              if (family === 1n) continue;
              for (let type = 0n; type < 16n; type++) {
                for (const [call, ...rest] of [['socket'], ['socketpair', pair]] as const) {
                  const fd = attack.call(call, high | family, high | type | 0o2000000n, 0, ...rest);
                  if (fd >= 0) attack.call('close', fd);
                  const answer = attack.outcome(fd);
                  answers[answer] = (answers[answer] ?? 0) + 1;
                }
              }
            }
          }
          return answers;
        };
        const control = tryAll();
        attack.drop();
        return { made: control['ok'] ?? 0, after: tryAll() };
      },
      null,
    );
    expect(result.made).toBeGreaterThan(10);
    if (isPatched) {
      // The kernel looks whether it knows family and type before it asks.
      expect(result.after).not.toHaveProperty('ok');
      expect(result.after['EPERM']).toBeGreaterThanOrEqual(result.made);
    } else {
      expect(result.after).toEqual({ EPERM: 2 * 63 * 16 * 2 });
    }
  });
});
