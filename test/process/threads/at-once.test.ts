// SPDX-License-Identifier: MIT
// Calls at the same moment, from several Workers and from copies of the package that know nothing of
// each other: one of them makes the drop, and the others find it.
import path from 'node:path';
import { runInChild } from '../../support/child';
import { copyPackage } from '../../support/folders';

jest.setTimeout(180_000);

let copy: ReturnType<typeof copyPackage>;

beforeAll(() => {
  copy = copyPackage();
});

afterAll(() => {
  copy.remove();
});

it.each([
  { when: 'as their first act, the addon not loaded', loaded: false },
  { when: 'when all have loaded the addon', loaded: true },
])('six Workers drop $when', async ({ loaded }) => {
  const rounds = await Promise.all(
    Array.from({ length: 4 }, async () =>
      runInChild(
        async ({ library, paths, workers, events, syscalls, SYS }, { other, ready }) => {
          const gate = new Int32Array(new SharedArrayBuffer(8));
          const code = `
            const { parentPort, workerData } = require('node:worker_threads');
            if (workerData.ready) require(workerData.file).kernelSupport();
            Atomics.add(workerData.gate, 1, 1);
            Atomics.wait(workerData.gate, 0, 0);
            let answer;
            try { answer = String(require(workerData.file).disableNetwork().alreadyDisabled); }
            catch (error) { answer = error.code + ': ' + error.message; }
            const socket = require(workerData.addon).syscall(${String(SYS.socket)}, 2, 1, 0);
            parentPort.postMessage([answer, socket]);`;
          const all = Array.from({ length: 6 }, (_, index) => {
            const file = index % 2 === 0 ? paths.library : other;
            const workerData = { file, addon: paths.syscalls, gate, ready };
            return new workers.Worker(code, { eval: true, workerData });
          });
          const answers = all.map(async (worker) => ((await events.once(worker, 'message')) as [unknown])[0]);
          const before = syscalls.syscall(SYS.socket, 2, 1, 0);
          syscalls.syscall(SYS.close, before);
          while (Atomics.load(gate, 1) < all.length) await new Promise((resolve) => setTimeout(resolve, 5));
          Atomics.store(gate, 0, 1);
          Atomics.notify(gate, 0);
          const said = (await Promise.all(answers)) as [string, number][];
          return {
            open: before >= 0,
            receipts: said.map(([answer]) => answer).sort(),
            sockets: said.map(([, socket]) => socket),
            disabled: library.isNetworkDisabled(),
          };
        },
        { other: path.join(copy.path, 'dist/index.js'), ready: loaded },
      ),
    ),
  );
  const receipts = ['false', 'true', 'true', 'true', 'true', 'true'];
  for (const round of rounds) {
    expect(round).toEqual({ open: true, receipts, sockets: [-1, -1, -1, -1, -1, -1], disabled: true });
  }
});
