// SPDX-License-Identifier: MIT
// Section C of the escape corpus: programs that would run with more privilege than their caller.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ChildFailure, runInChild } from '../../support/child';
import { compileProgram } from '../../support/programs';
import { provider } from '../support/provider';
import { attackUnder } from './row';

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

describe('C11, C12 programs that would gain privilege', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dn-'));
    chmodSync(folder, 0o755);
    copyFileSync(compileProgram('setuid-probe'), join(folder, 'probe'));
    chmodSync(join(folder, 'probe'), 0o4755);
    copyFileSync('/bin/cat', join(folder, 'cat'));
    // VFS_CAP_REVISION_2 with the effective flag, cap_net_raw (13) and cap_net_admin (12).
    execFileSync('/usr/bin/python3', [
      '-c',
      'import os, struct, sys; os.setxattr(sys.argv[1], "security.capability", struct.pack("<5I", 0x02000001, 0x3000, 0, 0, 0))',
      join(folder, 'cat'),
    ]);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  // The launcher of the weaker provider needs root; the gate is the same for both.
  it('gain nothing: from the main thread, from a Worker, and from a thread that races the drop', async () => {
    const result = await attackUnder(
      provider,
      async ({ attack, childProcess, workers, timers }, programs) => {
        const probe = (): string => childProcess.execFileSync(programs.probe, { encoding: 'utf8' }).trim();
        const capabilities = (): string =>
          /^CapEff:\s*([0-9a-f]+)$/m.exec(
            childProcess.execFileSync(programs.cat, ['/proc/self/status'], { encoding: 'utf8' }),
          )?.[1] ?? '';
        const control = [probe(), capabilities()];
        const flag = new Int32Array(new SharedArrayBuffer(8));
        const worker = new workers.Worker(
          `const { workerData: { flag, probe }, parentPort } = require('node:worker_threads');
           const { execFileSync } = require('node:child_process');
           const answers = [];
           let rounds = 0;
           while (rounds < 3) {
             const late = Atomics.load(flag, 0) === 1;
             const answer = execFileSync(probe, { encoding: 'utf8' }).trim();
             Atomics.add(flag, 1, 1);
             if (late) { answers.push(answer); rounds++; }
           }
           parentPort.postMessage(answers);`,
          { eval: true, workerData: { flag, probe: programs.probe } },
        );
        const answers = new Promise<string[]>((resolve) => worker.once('message', resolve));
        while (Atomics.load(flag, 1) === 0) await timers.setTimeout(1);
        attack.drop();
        Atomics.store(flag, 0, 1);
        return { control, after: [probe(), capabilities()], racing: await answers };
      },
      { probe: join(folder, 'probe'), cat: join(folder, 'cat') },
      { uid: 65534, gid: 65534 },
    );
    expect(result.control).toEqual(['65534 0 0', '0000000000003000']);
    expect(result.after).toEqual(['65534 65534 1', '0000000000000000']);
    expect(result.racing).toEqual(['65534 65534 1', '65534 65534 1', '65534 65534 1']);
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
