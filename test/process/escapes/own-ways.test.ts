// SPDX-License-Identifier: MIT
// Ways that are in no list, found by reading the code against the kernel's: what is more than a row says.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { attackUnder, providers } from './row';

jest.setTimeout(120_000);

describe.each(providers)('provider %s', (provider) => {
  /** It asks at each use of a socket, wherever that comes from. */
  const isPatched = provider === 'lsm';

  it('filters that come later cannot hand a refused call to a tracer or a supervisor', async () => {
    const result = await attackUnder(
      provider,
      ({ attack, AF_INET, SOCK_STREAM }) => {
        const actions = [0x7ff00000, 0x7fc00000, 0x7ffc0000]; // TRACE, USER_NOTIF, LOG
        const install = (action: number): string => {
          // The number; socket? then the action, else allow.
          return attack.installFilter([
            [0x20, 0, 0, 0],
            [0x15, 0, 1, attack.number.socket],
            [6, 0, 0, action],
            [6, 0, 0, 0x7fff0000],
          ]);
        };
        const control = attack.try('socket', AF_INET, SOCK_STREAM, 0);
        attack.drop({ residuals: ['tcp-socket'] });
        return { control, installed: actions.map(install), after: attack.try('socket', AF_INET, SOCK_STREAM, 0) };
      },
      null,
    );
    expect(result).toMatchObject({ control: 'ok', installed: ['ok', 'ok', 'ok'] });
    // Where no filter of the drop answers first, the one for a tracer does, and there is none (ENOSYS).
    expect(result.after).toBe(isPatched ? 'ENOSYS' : 'EPERM');
  });

  it('a forged answer to PR_GET_NETWORK that refuses less is not believed', async () => {
    const result = await attackUnder(
      provider,
      ({ attack, library, AF_INET, SOCK_STREAM, SOCK_DGRAM }) => {
        // Answers as Landlock's drop does, refuses TCP, netlink and IPv6, and leaves UDP open.
        // The jumps over two instructions end at the refusal, those over more at the end.
        const filter: [number, number, number, number][] = [
          [0x20, 0, 0, 0],
          [0x15, 0, 3, attack.number.prctl],
          [0x20, 0, 0, 16],
          [0x15, 0, 7, 0x4e455447],
          [6, 0, 0, 0x00050000 | 0xe18],
          [0x15, 0, 5, attack.number.socket],
          [0x20, 0, 0, 16],
          [0x15, 0, 2, AF_INET],
          [0x20, 0, 0, 24],
          [0x45, 0, 1, 2], // SOCK_DGRAM or SOCK_RAW
          [6, 0, 0, 0x7fff0000],
          [0x20, 0, 0, 0],
          [0x15, 0, 1, attack.number.socket],
          [6, 0, 0, 0x00050001],
          [6, 0, 0, 0x7fff0000],
        ];
        const installed = attack.installFilter(filter, 1); // SECCOMP_FILTER_FLAG_TSYNC
        const forged = attack.call('prctl', 0x4e455447, 0, 0, 0, 0);
        const tcp = attack.try('socket', AF_INET, SOCK_STREAM, 0);
        const udp = attack.call('socket', AF_INET, SOCK_DGRAM, 0);
        attack.call('close', udp);
        const believed = library.isNetworkDisabled();
        const { alreadyDisabled } = library.disableNetwork();
        return {
          installed,
          forged,
          tcp,
          udp: attack.outcome(udp),
          believed,
          alreadyDisabled,
          after: attack.try('socket', AF_INET, SOCK_DGRAM, 0),
        };
      },
      null,
    );
    expect(result).toEqual({
      installed: 'ok',
      forged: -0xe18,
      tcp: 'EPERM',
      udp: 'ok',
      believed: false,
      alreadyDisabled: false,
      after: 'EPERM',
    });
  });
});

// In the namespace the child gets the very number that the sleeping process has outside.
it('the memory of a process, by a proc of another pid namespace that has the own number: named', async () => {
  const sleeper = spawn('sleep', ['1000'], { stdio: 'ignore' });
  await once(sleeper, 'spawn');
  const pid = sleeper.pid ?? -1;
  const script = `
mount -t tmpfs none /mnt && mkdir /mnt/proc && mount --bind /proc /mnt/proc && mount -t proc proc /proc
echo ${String(pid - 1)} > /proc/sys/kernel/ns_last_pid
"$@" <&0 &
wait $!`;
  try {
    const result = await attackUnder(
      'landlock',
      ({ attack, fs }) => {
        const fd = fs.openSync(`/mnt/proc/${String(process.pid)}/mem`, 'r+');
        return { pid: process.pid, fd, refused: attack.drop().refused };
      },
      null,
      { launcher: ['unshare', '--pid', '--fork', '--kill-child', '--mount', 'bash', '-c', script, 'bash'] },
    );
    expect(result).toMatchObject({ pid, refused: [['process-memory', result.fd]] });
  } finally {
    sleeper.kill('SIGKILL');
  }
});
