// SPDX-License-Identifier: MIT
// Section A of the escape corpus: ways to a socket or a network by calls that are made for files.
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
  it('A15 splice, sendfile, legacy AIO and MSG_ZEROCOPY go on with a kept socket, and reach its peer alone', async () => {
    const text = `A15 under ${provider};`;
    const result = await attackUnder(
      provider,
      ({ attack, syscalls, inetAddress, AF_INET, SOCK_STREAM, fs }, input) => {
        const fd = attack.call('socket', AF_INET, SOCK_STREAM, 0);
        const control = attack.connect(fd, inetAddress(input.tcp));
        const loose = attack.call('socket', AF_INET, SOCK_STREAM, 0);
        const file = fs.openSync('/proc/self/comm', 'r');
        const memory = attack.call('memfd_create', Buffer.from('x\0'), 0);
        fs.writeSync(memory, input.text);
        const context = Buffer.alloc(8);
        attack.call('io_setup', 4, context);
        const data = Buffer.from(input.text);
        // A struct iocb: pwrite (1) of the text to the descriptor at 20.
        const submit = (socket: number): number => {
          const request = Buffer.alloc(64);
          request.writeUInt16LE(1, 16);
          request.writeUInt32LE(socket, 20);
          request.writeBigUInt64LE(syscalls.addressOf(data), 24);
          request.writeBigUInt64LE(BigInt(data.length), 32);
          const list = Buffer.alloc(8);
          list.writeBigUInt64LE(syscalls.addressOf(request), 0);
          const submitted = attack.call('io_submit', context.readBigUInt64LE(0), 1, list);
          const event = Buffer.alloc(32);
          const taken =
            submitted === 1 ? attack.call('io_getevents', context.readBigUInt64LE(0), 1, 1, event, null) : submitted;
          return taken === 1 ? Number(event.readBigInt64LE(16)) : taken;
        };
        const pipe = Buffer.alloc(8);
        attack.call('pipe2', pipe, 0);
        attack.drop({ residuals: ['tcp-socket'] });
        const through = (socket: number): string[] => {
          fs.writeSync(pipe.readInt32LE(4), 'spliced;');
          const offset = Buffer.alloc(8);
          return [
            attack.outcome(attack.call('splice', pipe.readInt32LE(0), null, socket, null, 8, 0)),
            attack.outcome(attack.call('sendfile', socket, memory, offset, input.text.length)),
            attack.outcome(submit(socket)),
            attack.sendto(socket, input.text, 0x4000000),
          ];
        };
        fs.closeSync(file);
        return { control, kept: through(fd), loose: through(loose) };
      },
      { tcp: outside.tcp, text },
    );
    expect(result).toMatchObject({ control: 'ok', kept: ['ok', 'ok', 'ok', 'ok'] });
    expect(result.loose).not.toContain('ok');
    await outside.heard(text);
  });

  it('A17 TUN opened before is named; opened after it attaches to nothing', async () => {
    const result = await attackUnder(
      provider,
      ({ attack, fs }) => {
        const request = Buffer.alloc(40);
        request.write('dntest%d', 0);
        request.writeUInt16LE(0x1002, 16); // IFF_TAP | IFF_NO_PI
        const attach = (fd: number): string => attack.try('ioctl', fd, 0x400454ca, Buffer.from(request));
        const fd = fs.openSync('/dev/net/tun', 'r+');
        const control = attach(fd);
        const frame = Buffer.alloc(60, 1);
        const { refused, receipt } = attack.drop();
        const fresh = fs.openSync('/dev/net/tun', 'r+');
        return {
          control,
          fd,
          refused,
          limits: receipt.limits.map(({ id }) => id),
          write: attack.try('write', fd, frame, frame.length),
          attach: attach(fresh),
          high: attack.try('ioctl', fresh, (1n << 32n) | 0x400454can, Buffer.from(request)),
        };
      },
      null,
      // An interface of its own, in a namespace of its own.
      { launcher: ['unshare', '--net'] },
    );
    expect(result).toMatchObject({
      control: 'ok',
      refused: [['network-device', result.fd]],
    });
    // It takes root, whom the limit `privileged-process` names, and the kernel patch lets it.
    expect(result.limits).toContain('privileged-process');
    if (provider === 'lsm') expect(result.attach).toBe('ok');
    else expect(result).toMatchObject({ attach: 'EPERM', high: 'EPERM' });
    // The interface is down: the frame gets as far as that.
    expect(result.write).toBe('EIO');
  });
});
