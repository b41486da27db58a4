// SPDX-License-Identifier: MIT
// Section E of the escape corpus, as far as it is more than the rows in ../../corpus/rows say: a race over
// several rounds, and what the kernel answers to each game.
import { attackUnder, providers } from './row';

jest.setTimeout(120_000);

describe.each(providers)('provider %s', (provider) => {
  it('E06 fork, exec and posix_spawn during the drop: whatever starts after it has no network', async () => {
    const result = await attackUnder(
      provider,
      async ({ attack, workers, timers }) => {
        const flag = new Int32Array(new SharedArrayBuffer(8));
        const start = () => {
          const worker = new workers.Worker(
            `const { workerData: flag, parentPort } = require('node:worker_threads');
             const { spawnSync } = require('node:child_process');
             const script = 'exec 3<>/dev/tcp/127.0.0.1/1';
             const late = [];
             let early = 0;
             while (late.length < 5) {
               const after = Atomics.load(flag, 0) === 1;
               const { stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
               const reason = stderr.includes('not permitted') ? 'denied' : stderr.includes('refused') ? 'free' : stderr;
               if (after) late.push(reason);
               else if (reason === 'free') Atomics.add(flag, 1, 1);
             }
             parentPort.postMessage(late);`,
            { eval: true, workerData: flag },
          );
          return new Promise<string[]>((resolve) => worker.once('message', resolve));
        };
        const all = [start(), start()];
        while (Atomics.load(flag, 1) < 2) await timers.setTimeout(1);
        attack.drop();
        Atomics.store(flag, 0, 1);
        return { free: Atomics.load(flag, 1), late: (await Promise.all(all)).flat() };
      },
      null,
    );
    expect(result.free).toBeGreaterThanOrEqual(2);
    expect(result.late).toEqual(Array.from({ length: 10 }, () => 'denied'));
  });

  it('E07 prctl and seccomp games take nothing back', async () => {
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
