// SPDX-License-Identifier: MIT
// Section C of the escape corpus: driving a process that still has the network.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { compileProgram } from '../../support/programs';
import { attackUnder, providers } from './row';

jest.setTimeout(120_000);

describe.each(providers)('provider %s', (provider) => {
  const isLandlock = provider === 'landlock';

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
    if (isLandlock) {
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
      madvise: isLandlock ? 'ok' : 'EPERM',
      kcmp: 'EPERM',
      getfd: 'EPERM',
    });
    expect(memory).toBe(isLandlock ? 'EACCES' : 'ok');
    if (isLandlock) expect(result.limits).not.toContain('process-memory-files');
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
    if (isLandlock) expect(result).toMatchObject({ after: '-1 1', driven: 'ESRCH' });
    else expect(result).toMatchObject({ after: '0 0', driven: 'EPERM' });
  });

  it('C05 a broker behind a pathname connects on request: named and open, closed under connected', async () => {
    for (const unixSockets of ['pathname', 'connected'] as const) {
      const result = await attackUnder(
        provider,
        async ({ attack, childProcess, events, fs, os, path, unixAddress, AF_UNIX, SOCK_STREAM }, policy) => {
          const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dn-'));
          const name = path.join(folder, 'docker.sock');
          const broker = childProcess.spawn('/usr/bin/python3', [
            '-u',
            '-c',
            `
import socket
server = socket.socket(socket.AF_UNIX)
server.bind('${name}')
server.listen()
print('ready')
while True:
    connection = server.accept()[0]
    if connection.recv(100):
        connection.send(b'%d' % socket.socket().fileno())
`,
          ]);
          await events.once(broker.stdout, 'data');
          const connect = (): [number, string] => {
            const fd = attack.call('socket', AF_UNIX, SOCK_STREAM, 0);
            return [fd, attack.connect(fd, unixAddress(name))];
          };
          const [free, control] = connect();
          attack.call('close', free);
          const { receipt } = attack.drop({ unixSockets: policy });
          const [fd, after] = connect();
          attack.sendto(fd, 'connect for me', 0);
          const reply = Buffer.alloc(8);
          const length =
            after === 'ok'
              ? attack.call(
                  'recvmsg',
                  fd,
                  (() => {
                    const header = Buffer.alloc(56);
                    const vector = Buffer.alloc(16);
                    vector.writeBigUInt64LE(attack.addressOf(reply), 0);
                    vector.writeBigUInt64LE(8n, 8);
                    header.writeBigUInt64LE(attack.addressOf(vector), 16);
                    header.writeBigUInt64LE(1n, 24);
                    return header;
                  })(),
                  0,
                )
              : 0;
          fs.rmSync(folder, { recursive: true });
          return { control, after, asked: length > 0, limits: receipt.limits.map(({ id }) => id) };
        },
        unixSockets,
      );
      expect(result.control).toBe('ok');
      expect(result.after).toBe(unixSockets === 'pathname' ? 'ok' : 'EPERM');
      expect(result.asked).toBe(unixSockets === 'pathname');
      expect(result.limits).toContain('unix-peers');
    }
  });

  it('C09 TIOCSTI and TIOCLINUX on a shared terminal', async () => {
    const result = await attackUnder(
      provider,
      ({ attack, fs }) => {
        // The child leads a session without a terminal: the first that it opens becomes its own.
        const primary = fs.openSync('/dev/ptmx', 'r+');
        attack.call('ioctl', primary, 0x40045431, attack.int(0)); // TIOCSPTLCK
        const number = attack.int(0);
        attack.call('ioctl', primary, 0x80045430, number); // TIOCGPTN
        const terminal = fs.openSync(`/dev/pts/${String(number.readInt32LE(0))}`, 'r+');
        const type = (request: number | bigint): string => attack.try('ioctl', terminal, request, Buffer.from('x'));
        const control = type(0x5412);
        attack.drop();
        return {
          control,
          after: [0x5412, (1n << 32n) | 0x5412n, 0x541c].map(type),
          kept: attack.try('ioctl', terminal, 0x5413, Buffer.alloc(8)),
        };
      },
      null,
    );
    expect(result).toEqual({ control: 'ok', after: ['EPERM', 'EPERM', 'EPERM'], kept: 'ok' });
  });

  it("C10 SIGUSR1 opens another Node's inspector, and cannot reach it: open, and harmless", async () => {
    const result = await attackUnder(
      provider,
      async ({ attack, childProcess, tryConnect, library }) => {
        const start = async (): Promise<{ pid: number; opened: Promise<number> }> => {
          const child = childProcess.spawn(process.execPath, [
            '--inspect-port=127.0.0.1:0',
            '-e',
            'setInterval(() => {}, 1000); console.log(1)',
          ]);
          const opened = new Promise<number>((resolve) => {
            let text = '';
            child.stderr.on('data', (chunk: Buffer) => {
              text += chunk.toString();
              const port = /ws:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[1];
              if (port !== undefined) resolve(Number(port));
            });
          });
          await new Promise((resolve) => child.stdout.once('data', resolve));
          return { pid: child.pid ?? -1, opened };
        };
        const [free, child] = await Promise.all([start(), start()]);
        attack.call('kill', free.pid, 10);
        const control = await tryConnect(await free.opened);
        attack.drop();
        const signal = attack.try('kill', child.pid, 10);
        const port = await child.opened;
        return {
          control,
          signal,
          opened: port > 0,
          connect: await tryConnect(port),
          disabled: library.isNetworkDisabled(),
        };
      },
      null,
    );
    expect(result).toMatchObject({ control: 'ok', signal: 'ok', opened: true, disabled: true });
    expect(['EPERM', 'ERR_DISABLENETWORK_DENIED']).toContain(result.connect);
  });
});

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
