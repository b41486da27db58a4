// SPDX-License-Identifier: MIT
// setNoSuid() alone; what the drop makes of such programs is in the corpus (C11).
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ChildFailure, runInChild } from '../../support/child';
import { compileProgram } from '../../support/programs';

jest.setTimeout(120_000);

const threadKinds = [
  'the main thread',
  'a thread of the pool',
  'a Worker',
  'a thread of V8',
  'a native thread',
  'a new thread',
] as const;
type ThreadKind = (typeof threadKinds)[number];

describe('a program that would gain privilege', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dn-'));
    chmodSync(folder, 0o755);
    copyFileSync(compileProgram('setuid-probe'), join(folder, 'probe'));
    chmodSync(join(folder, 'probe'), 0o4755);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  /** What the program says of itself, when that thread executes it in this process's place. */
  async function executeIn(kind: ThreadKind, restrict: boolean): Promise<string> {
    const child = runInChild(
      async ({ attack, library, paths, syscalls, threadStatuses, workers }, input) => {
        attack.call('fcntl', 1, 2, 0); // F_SETFD: Node closes its standard output on execve.
        const path = Buffer.from(`${input.probe}\0`);
        const list = Buffer.alloc(16); // The path as the first argument, and the end.
        list.writeBigUInt64LE(syscalls.addressOf(path));
        const call = [
          process.arch === 'arm64' ? 221 : 59, // execve
          ...[path, list, list.subarray(8)].map((buffer) => syscalls.addressOf(buffer)),
        ] as const;
        const native = new syscalls.NativeThread('library');
        const code = `const { parentPort, workerData } = require('node:worker_threads');
          parentPort.once('message', (call) => require(workerData).syscall(...call));
          parentPort.postMessage('ready');`;
        const worker = new workers.Worker(code, { eval: true, workerData: paths.syscalls });
        await new Promise((resolve) => worker.once('message', resolve));
        await syscalls.syscallInPool(4, 39); // So that the pool has its threads.
        const idle = threadStatuses().find(({ tid }) => tid !== process.pid && tid !== native.tid);
        if (input.restrict) library.setNoSuid();
        const ways: Record<ThreadKind, () => unknown> = {
          'the main thread': () => syscalls.syscall(...call),
          'a thread of the pool': () => syscalls.syscallInPool(1, ...call),
          'a Worker': () => {
            worker.postMessage(call);
          },
          'a thread of V8': () => syscalls.syscallInThread(idle?.tid ?? -1, ...call),
          'a native thread': () => native.syscall(...call),
          'a new thread': () => syscalls.syscallInNewThread(...call),
        };
        ways[input.kind]();
        await new Promise((resolve) => setTimeout(resolve, 10_000));
        return [path, list]; // Alive until here, where nobody comes.
      },
      { kind, restrict, probe: join(folder, 'probe') },
      { uid: 65534, gid: 65534 },
    );
    const failure: unknown = await child.catch((error: unknown) => error);
    return failure instanceof ChildFailure && failure.exitCode === 0 ? failure.output.trim() : String(failure);
  }

  it.each(threadKinds)('setNoSuid() alone: execve by %s gains nothing', async (kind) => {
    expect(await executeIn(kind, false)).toBe('65534 0 0');
    expect(await executeIn(kind, true)).toBe('65534 65534 1');
  });
});
