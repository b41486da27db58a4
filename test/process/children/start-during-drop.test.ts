// SPDX-License-Identifier: MIT
// A race over several rounds; one child that starts after the drop is a row of the corpus.
import { attackUnder, providers } from '../support/under-provider';

jest.setTimeout(120_000);

describe.each(providers)('provider %s', (provider) => {
  it('fork, exec and posix_spawn during the drop: whatever starts after it has no network', async () => {
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
});
