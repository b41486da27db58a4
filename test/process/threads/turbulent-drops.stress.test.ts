// SPDX-License-Identifier: MIT
// Drops in processes that do not hold still: Workers come and go, read /proc and call at the same
// moment, and the address space is full of holes. `npm test -- drops` makes 2,000 on each Node.
import { runInChild } from '../../support/child';
import { installRuntimes } from '../../package/support/runtimes';

const drops = Number(process.env['TEST_DROPS'] ?? 60);
const nodes: readonly (readonly [name: string, command: string])[] =
  process.env['TEST_DROPS'] === undefined
    ? [['the Node that runs this', process.execPath]]
    : installRuntimes()
        .all.filter(({ name }) => name.startsWith('Node'))
        .map(({ name, command }) => [name, command[0]]);
/** Twice as many as most machines that run this have processors. */
const atOnce = 4;

jest.setTimeout(60_000 + drops * 10_000);

async function dropOnce(): Promise<string> {
  return runInChild(
    async ({ events, library, paths, syscalls, workers, SYS, AF_INET, SOCK_STREAM }) => {
      const gate = new Int32Array(new SharedArrayBuffer(4));
      const start = (code: string) =>
        new workers.Worker(
          `const { parentPort, workerData } = require('node:worker_threads');
          const socket = () => require(workerData.addon).syscall(...workerData.call);
          ${code}`,
          {
            eval: true,
            workerData: {
              addon: paths.syscalls,
              library: paths.library,
              gate,
              call: [SYS.socket, AF_INET, SOCK_STREAM, 0],
            },
          },
        );
      const answerOf = async (worker: { on: unknown }) =>
        ((await events.once(worker as NodeJS.EventEmitter, 'message')) as [string])[0];
      const callers = [1, 2].map(() => {
        const worker = start(`Atomics.wait(workerData.gate, 0, 0);
          let said;
          try { said = String(require(workerData.library).disableNetwork().alreadyDisabled); }
          catch (error) { said = error.code + ' ' + error.message; }
          parentPort.postMessage(said + ' ' + socket());`);
        return answerOf(worker);
      });
      let stopped = false;
      let ended = 0;
      const comeAndGo = async (): Promise<void> => {
        while (!stopped) {
          const holes = Array.from({ length: 20 }, () => Buffer.alloc(100_000 + Math.random() * 400_000, 1));
          const worker = start(
            `for (let count = 0; count < 20; count += 1) process.memoryUsage();
            setTimeout(() => process.exit(), ${String(Math.random() * 20)});`,
          );
          holes.splice(0, 10);
          await events.once(worker, 'exit');
          ended += 1;
        }
      };
      const turbulence = [comeAndGo(), comeAndGo()];
      while (ended < 1) await new Promise((resolve) => setTimeout(resolve, Math.random() * 10));
      const before = syscalls.syscall(SYS.socket, AF_INET, SOCK_STREAM, 0);
      syscalls.syscall(SYS.close, before);
      Atomics.store(gate, 0, 1);
      Atomics.notify(gate, 0);
      let own: string;
      try {
        own = String(library.disableNetwork().alreadyDisabled);
      } catch (error) {
        const { code = '', message } = error as NodeJS.ErrnoException;
        own = `${code} ${message}`;
      }
      own += ` ${String(syscalls.syscall(SYS.socket, AF_INET, SOCK_STREAM, 0))}`;
      const said = [own, ...(await Promise.all(callers))].sort();
      stopped = true;
      await Promise.all(turbulence);
      const later = await answerOf(start('parentPort.postMessage(String(socket()))'));
      return `${before >= 0 ? 'open' : 'closed'}; ${said.join('; ')}; later ${later}`;
    },
    null,
    { timeout: 60_000 },
  ).catch((error: unknown) => String(error).slice(0, 500));
}

it.each(nodes)(`${String(drops)} drops on %s: one drops, two find it, nothing crashes`, async (_name, node) => {
  process.execPath = node;
  const outcomes = new Map<string, number>();
  let started = 0;
  const keepDropping = async (): Promise<void> => {
    while (started++ < drops) {
      const outcome = await dropOnce();
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, keepDropping));
  expect(Object.fromEntries(outcomes)).toEqual({ 'open; false -1; true -1; true -1; later -1': drops });
});
