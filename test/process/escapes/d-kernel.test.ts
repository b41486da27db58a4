// SPDX-License-Identifier: MIT
// Section D of the escape corpus: asking the kernel or root.
import { existsSync } from 'node:fs';

import { byProvider } from '../support/provider';
import { attackUnder, providers } from './row';

jest.setTimeout(120_000);

/** A setting that names a program for the kernel to run as root; a small kernel lacks the first. */
const rootHelper = ['/proc/sys/kernel/core_pattern', '/proc/sys/kernel/modprobe'].find(existsSync) ?? '';

/** The small kernel of the guest has none: its answer to the call is then ENOSYS, and to close(-38) this. */
const userfaultfd = byProvider({ lsm: 'EBADF', landlock: 'ok' });

describe.each(providers)('provider %s', (provider) => {
  it('D01 request_key() starts no upcall; keyrings stay', async () => {
    const result = await attackUnder(
      provider,
      ({ attack }) => {
        const type = Buffer.from('dns_resolver\0');
        const user = Buffer.from('user\0');
        const name = Buffer.from('disablenetwork.test\0');
        const request = (): string => attack.try('request_key', type, name, Buffer.from('x\0'), 0);
        // KEY_SPEC_PROCESS_KEYRING
        const add = (): string => attack.try('add_key', user, name, name, name.length, -2);
        const control = [request(), add()];
        attack.drop();
        return { control, request: request(), add: add() };
      },
      null,
    );
    expect(result.control[0]).not.toBe('EPERM');
    expect(result.control[1]).toBe('ok');
    // The kernel patch says in its documentation that upcalls are none of its business.
    expect(result).toMatchObject({ request: provider === 'lsm' ? result.control[0] : 'EPERM', add: 'ok' });
  });

  it('D02, D06 what root can ask for by files and mounts: open for root, and named for root alone', async () => {
    const result = await attackUnder(
      provider,
      ({ attack, fs }, helper) => {
        const canWrite = (): string => {
          try {
            // Opened, not written: the setting belongs to the machine.
            fs.closeSync(fs.openSync(helper, 'r+'));
            return 'ok';
          } catch (error) {
            return String((error as NodeJS.ErrnoException).code);
          }
        };
        const control = canWrite();
        const { receipt } = attack.drop();
        return { control, after: canWrite(), limits: receipt.limits.map(({ id }) => id) };
      },
      rootHelper,
    );
    expect(result).toMatchObject({ control: 'ok', after: 'ok' });
    expect(result.limits).toContain('privileged-process');
  });

  it('D03 new namespaces, and those of others, hold no way out', async () => {
    const result = await attackUnder(
      provider,
      ({ attack, fs, AF_INET, SOCK_DGRAM }) => {
        const own = fs.openSync('/proc/self/ns/net', 'r');
        const socket = (): string => {
          const fd = attack.call('socket', AF_INET, SOCK_DGRAM, 0);
          if (fd >= 0) attack.call('close', fd);
          return attack.outcome(fd);
        };
        const steps = (): Record<string, string> => ({
          unshare: attack.try('unshare', 0x40000000),
          inNew: socket(),
          netlink: attack.try('socket', 16, 3, 0),
          setns: attack.try('setns', own, 0x40000000),
          inOld: socket(),
        });
        const control = steps();
        attack.drop({ residuals: ['netlink-socket'] });
        return { control, after: steps() };
      },
      null,
    );
    expect(result.control).toEqual({ unshare: 'ok', inNew: 'ok', netlink: 'ok', setns: 'ok', inOld: 'ok' });
    expect(result.after).toEqual({ unshare: 'ok', inNew: 'EPERM', netlink: 'EPERM', setns: 'ok', inOld: 'EPERM' });
  });

  it('D03 a user namespace gives an unprivileged process capabilities, and no network', async () => {
    const result = await attackUnder(
      provider,
      ({ attack, childProcess }) => {
        const script =
          'import fcntl, os, socket, struct\n' +
          'def attempt(action):\n' +
          '    try:\n        action()\n        return "ok"\n' +
          '    except OSError as error:\n        return os.strerror(error.errno)\n' +
          'capable = int(open("/proc/self/status").read().split("CapEff:")[1].split()[0], 16) & 0x3000 != 0\n' +
          'tun = os.open("/dev/net/tun", os.O_RDWR)\n' +
          'attach = lambda: fcntl.ioctl(tun, 0x400454ca, struct.pack("16sH22x", b"dn%d", 0x1002))\n' +
          'print(capable, attempt(socket.socket), attempt(lambda: socket.socket(socket.AF_PACKET, 3)), attempt(attach), sep=";")';
        const run = (): string =>
          childProcess.execFileSync('unshare', ['-Urn', '/usr/bin/python3', '-c', script], { encoding: 'utf8' }).trim();
        // Only root opens the device here; the namespaces would let anybody attach to it.
        const control = run();
        attack.drop();
        return { control, after: run() };
      },
      null,
    );
    expect(result.control).toBe('True;ok;ok;ok');
    const denied = 'Operation not permitted';
    // Who has a device of a network open can attach to it under the kernel patch; in here, to its own namespace's.
    expect(result.after).toBe(`True;${denied};${denied};${provider === 'lsm' ? 'ok' : denied}`);
  });

  it('D05 bpf is closed; perf_event_open and userfaultfd lead to no network and stay', async () => {
    const result = await attackUnder(
      provider,
      ({ attack }) => {
        const map = Buffer.alloc(72); // BPF_MAP_CREATE of an array: type, key size, value size, entries.
        [2, 4, 4, 1].forEach((value, index) => map.writeUInt32LE(value, index * 4));
        const event = Buffer.alloc(128);
        event.writeUInt32LE(1, 0); // PERF_TYPE_SOFTWARE
        event.writeUInt32LE(128, 4);
        const tryAll = (): Record<string, string> => ({
          bpf: attack.try('bpf', 0, map, map.length),
          high: attack.try('bpf', 1n << 32n, map, map.length),
          perf: attack.try('perf_event_open', event, 0, -1, -1, 0),
          userfaultfd: attack.outcome(attack.call('close', attack.call('userfaultfd', 1))),
        });
        const control = tryAll();
        const { receipt } = attack.drop();
        return { control, after: tryAll(), limits: receipt.limits.map(({ id }) => id) };
      },
      null,
    );
    expect(result.control).toEqual({ bpf: 'ok', high: 'ok', perf: 'ok', userfaultfd });
    // It takes root, whom the limit `privileged-process` names; the kernel patch lets it.
    const bpf = provider === 'lsm' ? 'ok' : 'EPERM';
    expect(result.limits).toContain('privileged-process');
    expect(result.after).toEqual({ bpf, high: bpf, perf: 'ok', userfaultfd });
  });
});

it('D02 without capabilities the limit is not named: there is no way', async () => {
  const result = await attackUnder(
    'landlock',
    ({ attack, fs }, helper) => {
      const { receipt } = attack.drop();
      let write = 'ok';
      try {
        fs.closeSync(fs.openSync(helper, 'r+'));
      } catch (error) {
        write = String((error as NodeJS.ErrnoException).code);
      }
      return { write, limits: receipt.limits.map(({ id }) => id) };
    },
    rootHelper,
    { uid: 65534, gid: 65534 },
  );
  expect(result.write).toBe('EACCES');
  expect(result.limits).not.toContain('privileged-process');
});
