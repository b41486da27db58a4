// SPDX-License-Identifier: MIT
// A drop that stopped halfway: whoever finds it says so, and nobody takes it for a drop.
import path from 'node:path';
import type { DisableNetworkOptions } from '../../../lib/types';
import { runInChild } from '../../support/child';
import { copyPackage } from '../../support/folders';

jest.setTimeout(120_000);

let copy: ReturnType<typeof copyPackage>;

beforeAll(() => {
  copy = copyPackage();
});

afterAll(() => {
  copy.remove();
});

/** With the kernel patch alone there is no half to be found: its last step is the drop. */
const narrow: DisableNetworkOptions = { unixSockets: 'connected' };

it.each([
  { state: 'which is not finished', finish: false, expected: 'ERR_DISABLENETWORK_PARTIAL' },
  { state: 'which is finished, for the control', finish: true, expected: 'receipt' },
])('a process, its Worker, its child and a second copy of the package find a drop $state', async (row) => {
  const answers = await runInChild(
    async ({ library, native, paths, workers, events, childProcess }, { finish, other, options }) => {
      const loadFrom = process.getBuiltinModule('node:module').createRequire(paths.library);
      const part = (name: string): unknown => loadFrom(`./${name}`);
      const { resolveOptions } = part('options/resolve.js') as typeof import('../../../lib/options/resolve');
      const { makePlan } = part('drop/plan.js') as typeof import('../../../lib/drop/plan');
      const { beginDrop, finishDrop } = part('drop/commit.js') as typeof import('../../../lib/drop/commit');
      const { Deadline } = part('deadline.js') as typeof import('../../../lib/deadline');
      const deadline = new Deadline();
      const { enforcement } = makePlan(native, resolveOptions(options), deadline);
      beginDrop(native, enforcement, deadline, true);
      if (finish) finishDrop(native, enforcement);
      const answerOf = (drop: () => unknown): string => {
        try {
          drop();
          return 'receipt';
        } catch (error) {
          return (error as { code?: string }).code ?? String(error);
        }
      };
      const program = (file: string) => `(() => {
        try { require(${JSON.stringify(file)}).disableNetwork(${JSON.stringify(options)}); return 'receipt'; } catch (error) { return error.code; }
      })()`;
      const worker = new workers.Worker(
        `require('node:worker_threads').parentPort.postMessage(${program(paths.library)})`,
        { eval: true },
      );
      const [inWorker] = (await events.once(worker, 'message')) as [string];
      const command = ['-e', `console.log(${program(paths.library)})`];
      return {
        here: [answerOf(() => library.disableNetwork(options)), answerOf(() => library.disableNetwork(options))],
        inWorker,
        inCopy: answerOf(() => (loadFrom(other) as typeof library).disableNetwork(options)),
        inChild: childProcess.spawnSync(process.execPath, command, { encoding: 'utf8' }).stdout.trim(),
      };
    },
    { finish: row.finish, options: narrow, other: path.join(copy.path, 'dist/index.js') },
  );
  const { expected } = row;
  expect(answers).toEqual({ here: [expected, expected], inWorker: expected, inCopy: expected, inChild: expected });
});
