// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';

import { runInChild, startInChild } from '../support/child';
import { temporaryFolder } from '../support/folders';

jest.setTimeout(120_000);

describe('execute', () => {
  it('answers why a program cannot be started, and this process goes on as before', async () => {
    const folder = temporaryFolder();
    try {
      const outcome = await runInChild(({ native, fs, childProcess }, path) => {
        const bytes = (...texts: string[]) => texts.map((text) => Buffer.from(text));
        const state = () => {
          const status = fs.readFileSync('/proc/self/status', 'utf8');
          const flags = [0, 1, 2].map((fd) => /flags:.*/.exec(fs.readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[0]);
          return [...(status.match(/^Sig(Ign|Blk):.*$/gm) ?? []), ...flags];
        };
        fs.writeFileSync(`${path}/text`, 'no program', { mode: 0o755 });
        fs.writeFileSync(`${path}/plain`, '', { mode: 0o644 });
        fs.writeFileSync(`${path}/lost`, '#!/no/such/interpreter\n', { mode: 0o755 });
        const before = state();
        const errors = {
          ENOENT: native.execute(`${path}/nothing`, bytes('x'), [], []),
          interpreter: native.execute(`${path}/lost`, bytes('x'), [], []),
          EACCES: native.execute(`${path}/plain`, bytes('x'), [], []),
          folder: native.execute(path, bytes('x'), [], []),
          ENOTDIR: native.execute(`${path}/plain/x`, bytes('x'), [], []),
          ENOEXEC: native.execute(`${path}/text`, bytes('x'), [], []),
          // One argument may have 32 pages.
          E2BIG: native.execute('/bin/true', [Buffer.from('x'), Buffer.alloc(32 * 65536, 'x')], [], []),
          zero: native.execute('/bin/true', bytes('x', 'a\0b'), [], []),
        };
        const after = state();
        const stillWorks = childProcess.execFileSync('echo', ['yes']).toString();
        return { errors, unchanged: JSON.stringify(after) === JSON.stringify(before), stillWorks };
      }, folder.path);
      expect(outcome).toEqual({
        errors: {
          ENOENT: -2,
          interpreter: -2,
          EACCES: -13,
          folder: -13,
          ENOTDIR: -20,
          ENOEXEC: -8,
          E2BIG: -7,
          zero: -22,
        },
        unchanged: true,
        stillWorks: 'yes\n',
      });
    } finally {
      folder.remove();
    }
  });

  it('keeps the pid, and starts with default signals, none blocked, and only what it was given', async () => {
    const folder = temporaryFolder();
    try {
      const file = `${folder.path}/answer`;
      const child = startInChild(({ native, fs, syscalls }, path) => {
        process.on('SIGUSR2', () => undefined);
        // Signal 10, as Node does when it is started with --disable-sigusr1: rt_sigprocmask(SIG_BLOCK).
        const mask = Buffer.from(new BigUint64Array([1n << 9n]).buffer);
        syscalls.syscall(process.arch === 'arm64' ? 135 : 14, 0, mask, null, 8);
        const given = fs.openSync(path, 'w');
        fs.openSync('/dev/zero', 'r');
        // The shell's own signals are not those that it was started with; its children have these.
        const script = `readlink /proc/$$/fd/${given + 1} >&${given}
            echo "$$ $0 $* $V" >&${given}
            grep -E '^Sig(Blk|Ign):' /proc/self/status >&${given}; exit 7`;
        const list = (...texts: string[]) => texts.map((text) => Buffer.from(text));
        return native.execute('/bin/bash', list('bash', '-c', script, 'name', 'a b', ''), list('V=1', 'PATH=/bin'), [
          given,
        ]);
      }, file);
      await expect(child.result).rejects.toMatchObject({ exitCode: 7 });
      const lines = readFileSync(file, 'utf8').split('\n');
      expect(lines).toEqual([`${child.pid} name a b  1`, 'SigBlk:\t0000000000000000', 'SigIgn:\t0000000000000000', '']);
    } finally {
      folder.remove();
    }
  });
});
