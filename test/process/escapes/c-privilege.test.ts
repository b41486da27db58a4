// SPDX-License-Identifier: MIT
// Section C of the escape corpus: programs that would run with more privilege than their caller.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { compileProgram } from '../../support/programs';
import { attackUnder } from './row';

jest.setTimeout(120_000);

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
      'landlock',
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
});
