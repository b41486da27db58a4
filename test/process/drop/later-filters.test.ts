// SPDX-License-Identifier: MIT
// What filters of seccomp and prctl(2) are tried for after the drop, and before it to pretend one.
import { attackUnder, providers } from '../support/under-provider';

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

  it('prctl and seccomp take nothing back', async () => {
    const result = await attackUnder(
      provider,
      ({ attack, library, AF_INET, SOCK_STREAM }, filtered) => {
        const socket = (): string => {
          const fd = attack.call('socket', AF_INET, SOCK_STREAM, 0);
          if (fd >= 0) attack.call('close', fd);
          return attack.outcome(fd);
        };
        const control = socket();
        attack.drop();
        const tries = {
          clearNoNewPrivileges: attack.try('prctl', 38, 0, 0, 0, 0),
          setNetwork: attack.try('prctl', 0x4e455453, 0, 0, 0, 0),
          setNetworkHigh: attack.try('prctl', (1n << 32n) | 0x4e455453n, 0, 0, 0, 0),
          // Without a filter it would be entered, and the process could do nothing more.
          strictMode: filtered ? attack.try('prctl', 22, 1, 0, 0, 0) : 'EINVAL',
          suspend: attack.try('ptrace', 0x4206, process.pid, 0, 0x200000),
          allowAll: attack.installFilter([[6, 0, 0, 0x7fff0000]]),
        };
        return { control, tries, socket: socket(), disabled: library.isNetworkDisabled() };
      },
      provider !== 'lsm',
    );
    expect(result).toMatchObject({ control: 'ok', socket: 'EPERM', disabled: true });
    expect(result.tries).toEqual({
      clearNoNewPrivileges: 'EINVAL',
      // The kernel patch knows the option, and that this would clear the flag.
      setNetwork: provider === 'lsm' ? 'EPERM' : 'EINVAL',
      setNetworkHigh: provider === 'lsm' ? 'EPERM' : 'EINVAL',
      strictMode: 'EINVAL',
      suspend: 'EPERM',
      // One more filter can only take more away.
      allowAll: 'ok',
    });
  });
});
