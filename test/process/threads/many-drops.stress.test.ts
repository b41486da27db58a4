// SPDX-License-Identifier: MIT
import { runInChild } from '../../support/child';

jest.setTimeout(900_000);

const drops = 1000;
/** Twice as many as most machines that run this have processors. */
const atOnce = 4;

/** What the Worker is at when the drop comes. */
const occupations = ['waits for a message', 'is blocked in Atomics.wait()', 'computes'] as const;
type Occupation = (typeof occupations)[number];

/** A process whose pool and Worker are busy when it drops. Answers what each tried, in order. */
async function dropOnce(occupation: Occupation): Promise<string> {
  return runInChild(
    async ({ crypto, events, library, paths, syscalls, workers, SYS, AF_INET, SOCK_STREAM }, work) => {
      const code = `
        const { parentPort, workerData } = require('node:worker_threads');
        const addon = require(workerData.addon);
        parentPort.on('message', (call) => parentPort.postMessage(addon.syscall(...call)));
        parentPort.postMessage('running');
        if (workerData.work === 'is blocked in Atomics.wait()') Atomics.wait(workerData.gate, 0, 0);
        if (workerData.work === 'computes') while (Atomics.load(workerData.gate, 0) === 0);`;
      const gate = new Int32Array(new SharedArrayBuffer(4));
      const workerData = { addon: paths.syscalls, gate, work };
      const worker = new workers.Worker(code, { eval: true, workerData });
      await events.once(worker, 'message');
      const hashes = [1, 2, 3, 4].map(
        async () =>
          new Promise((resolve, reject) => {
            crypto.pbkdf2('password', 'salt', 2000, 32, 'sha256', (error, key) => {
              if (error === null) {
                resolve(key.toString('hex'));
              } else {
                reject(error);
              }
            });
          }),
      );
      const call = [SYS.socket, AF_INET, SOCK_STREAM, 0] as const;
      const before = syscalls.syscall(...call);
      syscalls.syscall(SYS.close, before);
      library.disableNetwork();
      Atomics.store(gate, 0, 1);
      Atomics.notify(gate, 0);
      const main = syscalls.syscall(...call);
      const different = new Set(await Promise.all(hashes)).size;
      const answer = events.once(worker, 'message');
      worker.postMessage(call);
      const [inWorker] = (await answer) as [number];
      return `${before >= 0 ? 'open' : 'closed'}, ${String(different)} hash, ${String(main)}, ${String(inWorker)}`;
    },
    occupation,
    { timeout: 60_000 },
  );
}

it(`${String(drops)} drops in fresh processes under load: none hangs, none crashes`, async () => {
  const outcomes = new Map<string, number>();
  let started = 0;
  const keepDropping = async (): Promise<void> => {
    while (started < drops) {
      const occupation = occupations[started++ % occupations.length] ?? 'computes';
      const outcome = await dropOnce(occupation);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, keepDropping));
  expect(Object.fromEntries(outcomes)).toEqual({ 'open, 1 hash, -1, -1': drops });
});
