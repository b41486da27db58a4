// SPDX-License-Identifier: MIT
// Section C of the escape corpus: driving a process that still has the network.
import { attackUnder, providers } from './row';

jest.setTimeout(120_000);

describe.each(providers)('provider %s', (provider) => {
  /** By the security module; else a filter denies the calls. */
  const isGuarded = provider !== 'seccomp';

  it('C01 ptrace attach and seize, of a sibling and of a child started before', async () => {
    const result = await attackUnder(
      provider,
      ({ attack, childProcess }, sibling) => {
        const [attach, detach, seize] = [16, 17, 0x4206];
        const start = (): number => childProcess.spawn('sleep', ['1000']).pid ?? -1;
        const free = start();
        const control = [attack.try('ptrace', seize, free, 0, 0), attack.try('ptrace', attach, start(), 0, 0)];
        const child = start();
        attack.drop({ residuals: ['process-memory'] });
        return {
          control,
          after: [sibling, child].flatMap((pid) => [
            attack.try('ptrace', attach, pid, 0, 0),
            attack.try('ptrace', seize, pid, 0, 0),
            attack.try('ptrace', (1n << 32n) | BigInt(seize), pid, 0, 0),
          ]),
          detach: attack.try('ptrace', detach, sibling, 0, 0),
        };
      },
      process.pid,
    );
    expect(result.control).toEqual(['ok', 'ok']);
    const [attach, seize, high, ...others] = result.after;
    expect([attach, seize]).toEqual(['EPERM', 'EPERM']);
    // The request is a long: with a high bit it is an unknown one.
    expect(['EPERM', 'ESRCH']).toContain(high);
    expect(others).toEqual([attach, seize, high]);
  });

  it('C01 a child that was traced before the drop', async () => {
    const result = await attackUnder(
      provider,
      ({ attack, childProcess, syscalls }) => {
        const child = childProcess.spawn('sleep', ['1000']).pid ?? -1;
        const registers = Buffer.alloc(512);
        const trace = (): string[] => [
          attack.try('ptrace', 12, child, 0, registers),
          attack.try('ptrace', 13, child, 0, registers),
        ];
        attack.call('ptrace', 0x4206, child, 0, 0);
        attack.call('ptrace', 0x4207, child, 0, 0); // PTRACE_INTERRUPT
        syscalls.syscall(process.arch === 'arm64' ? 260 : 61, child, null, 0x40000000, null); // wait4(__WALL)
        const control = trace();
        const { refused, receipt } = attack.drop();
        return {
          control,
          refused,
          ways: receipt.accepted.map(({ ways }) => ways.join().includes(String(child))),
          after: trace(),
        };
      },
      null,
    );
    expect(result.control).toEqual(['ok', 'ok']);
    if (isGuarded) {
      expect(result).toMatchObject({ refused: [['process-memory', null]], ways: [true], after: ['ok', 'ok'] });
    } else {
      expect(result).toMatchObject({ refused: [], after: ['EPERM', 'EPERM'] });
    }
  });

  it('C02 memory of another process: process_vm_writev, /proc/PID/mem, process_madvise, kcmp, pidfd_getfd (B03)', async () => {
    const result = await attackUnder(
      provider,
      ({ attack, childProcess, syscalls, fs }) => {
        const child = childProcess.spawn('sleep', ['1000']).pid ?? -1;
        const deadline = Date.now() + 10_000;
        let heap: RegExpExecArray | null = null;
        while (heap === null && Date.now() < deadline) {
          heap = /^([0-9a-f]+)-[0-9a-f]+ rw-p.*\[heap\]/m.exec(fs.readFileSync(`/proc/${String(child)}/maps`, 'utf8'));
        }
        const address = BigInt(`0x${heap?.[1] ?? '0'}`);
        const vector = (at: bigint): Buffer => {
          const buffer = Buffer.alloc(16);
          buffer.writeBigUInt64LE(at, 0);
          buffer.writeBigUInt64LE(8n, 8);
          return buffer;
        };
        const data = Buffer.alloc(8);
        const pidfd = attack.call('pidfd_open', child, 0);
        const openMemory = (): string => {
          try {
            const fd = fs.openSync(`/proc/${String(child)}/mem`, 'r+');
            fs.writeSync(fd, data, 0, 8, Number(address));
            fs.closeSync(fd);
            return 'ok';
          } catch (error) {
            return String((error as NodeJS.ErrnoException).code);
          }
        };
        const tryAll = (): Record<string, string> => ({
          writev: attack.try('process_vm_writev', child, vector(syscalls.addressOf(data)), 1, vector(address), 1, 0),
          readv: attack.try('process_vm_readv', child, vector(syscalls.addressOf(data)), 1, vector(address), 1, 0),
          memory: openMemory(),
          madvise: attack.try('process_madvise', pidfd, vector(address & ~4095n), 1, 20, 0),
          kcmp: attack.try('kcmp', process.pid, child, 0, 0, 0),
          getfd: attack.try('pidfd_getfd', pidfd, 0, 0),
        });
        const control = tryAll();
        const { receipt } = attack.drop();
        return { control, after: tryAll(), limits: receipt.limits.map(({ id }) => id) };
      },
      null,
    );
    expect(result.control).toEqual({ writev: 'ok', readv: 'ok', memory: 'ok', madvise: 'ok', kcmp: 'ok', getfd: 'ok' });
    const { memory, ...calls } = result.after;
    // Landlock does not see process_madvise() of who holds CAP_PERFMON (mm_access() in kernel/fork.c);
    // all that it can do to another process are hints about its pages.
    expect(calls).toEqual({
      writev: 'EPERM',
      readv: 'EPERM',
      madvise: { lsm: 'EACCES', landlock: 'ok', seccomp: 'EPERM' }[provider],
      kcmp: 'EPERM',
      getfd: 'EPERM',
    });
    expect(memory).toBe(isGuarded ? 'EACCES' : 'ok');
    if (isGuarded) expect(result.limits).not.toContain('process-memory-files');
    else expect(result.limits).toContain('process-memory-files');
  });

  it("C02 another process's memory, opened before: named, and open", async () => {
    const result = await attackUnder(
      provider,
      ({ attack, childProcess, fs }) => {
        const child = childProcess.spawn('sleep', ['1000']).pid ?? -1;
        const maps = fs.readFileSync(`/proc/${String(child)}/maps`, 'utf8');
        const stack = Number.parseInt(/^([0-9a-f]+)-[0-9a-f]+ rw-p.*\[stack\]/m.exec(maps)?.[1] ?? '0', 16);
        const fd = fs.openSync(`/proc/${String(child)}/mem`, 'r+');
        const write = (): number => fs.writeSync(fd, Buffer.alloc(8), 0, 8, stack);
        const control = write();
        const { refused } = attack.drop();
        return { control, fd, refused, after: write() };
      },
      null,
    );
    expect(result).toMatchObject({ control: 8, refused: [['process-memory', result.fd]], after: 8 });
  });

  it('C03 PTRACE_TRACEME towards a restricted parent', async () => {
    const result = await attackUnder(
      provider,
      async ({ attack, childProcess, events }) => {
        const script = `
import ctypes, sys
library = ctypes.CDLL(None, use_errno=True)
sys.stdin.readline()
print(library.ptrace(0, 0, 0, 0), ctypes.get_errno(), flush=True)
sys.stdin.readline()
`;
        const start = () => childProcess.spawn('/usr/bin/python3', ['-c', script]);
        const answer = async (child: ReturnType<typeof start>): Promise<string> => {
          child.stdin.write('go\n');
          let text = '';
          while (!text.endsWith('\n')) text += String((await events.once(child.stdout, 'data'))[0]);
          return text.trim();
        };
        const free = start();
        const control = await answer(free);
        attack.call('kill', free.pid ?? -1, 9);
        const child = start();
        attack.drop({ residuals: ['process-memory'] });
        const after = await answer(child);
        // Stopped or not: what a tracer would do with it.
        attack.call('kill', child.pid ?? -1, 19);
        return { control, after, driven: attack.try('ptrace', 12, child.pid ?? -1, 0, Buffer.alloc(512)) };
      },
      null,
    );
    expect(result.control).toBe('0 0');
    if (isGuarded) expect(result).toMatchObject({ after: '-1 1', driven: 'ESRCH' });
    else expect(result).toMatchObject({ after: '0 0', driven: 'EPERM' });
  });
});
