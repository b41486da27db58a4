// SPDX-License-Identifier: MIT
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

import { ChildFailure, runInChild, startInChild } from '../../support/child';
import { compileProgram } from '../../support/programs';

jest.setTimeout(120_000);

/** A process that was killed may wait for its parent for a while. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s[ZX]/m.test(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
  } catch {
    return false;
  }
}

// The tools that every other process test trusts.
describe('a function in a child', () => {
  it('returns its result', async () => {
    const result = await runInChild(({ os }, input) => ({ pid: process.pid, type: os.type(), input }), [1, 'two']);
    expect(result).toEqual({ pid: expect.any(Number) as number, type: 'Linux', input: [1, 'two'] });
    expect(result.pid).not.toBe(process.pid);
  });

  it('talks with the test while it runs', async () => {
    const child = startInChild(async ({ next, report }) => {
      report('ready');
      return (await next<number>()) + (await next<number>());
    }, null);
    expect(await child.report<string>()).toBe('ready');
    child.send(40);
    child.send(2);
    expect(await child.result).toBe(42);
  });

  it('hands its error over', async () => {
    await expect(
      runInChild(() => {
        throw new TypeError('on purpose');
      }, null),
    ).rejects.toThrow(/TypeError: on purpose/);
  });

  it('reports a death by signal, also to who waits for a report', async () => {
    const child = startInChild(() => {
      process.kill(process.pid, 'SIGKILL');
    }, null);
    await expect(child.report()).rejects.toMatchObject({ signal: 'SIGKILL' });
    await expect(child.result).rejects.toBeInstanceOf(ChildFailure);
  });

  it('is ended with all that it started when it hangs, and says where it hung', async () => {
    const child = startInChild(
      async ({ childProcess, report }) => {
        report(childProcess.spawn('sleep', ['1000']).pid);
        await new Promise(() => setInterval(() => undefined, 1000));
      },
      null,
      { timeout: 2000 },
    );
    const grandchild = await child.report<number>();
    await expect(child.result).rejects.toThrow(/hung for \d+ ms[^]*thread \d+ node/);
    while (isRunning(grandchild)) {
      await setTimeout(10);
    }
  });
});

describe('system calls', () => {
  it('are made in each kind of thread', async () => {
    const result = await runInChild(async ({ syscalls, SYS, threadStatuses }) => {
      const thread = new syscalls.NativeThread('library');
      const pool = await syscalls.syscallInPool(4, SYS.gettid);
      const own = syscalls.syscall(SYS.gettid);
      const fresh = syscalls.syscallInNewThread(SYS.gettid);
      const native = thread.syscall(SYS.gettid);
      const everywhere = threadStatuses().map(({ tid }) => [tid, syscalls.syscallInThread(tid, SYS.gettid)]);
      thread.stop();
      return { pid: process.pid, own, fresh, native, tid: thread.tid, pool, everywhere };
    }, null);
    expect(result.own).toBe(result.pid);
    expect(result.native).toBe(result.tid);
    expect(result.fresh).toBeGreaterThan(0);
    expect(new Set([result.own, result.fresh, result.native, ...result.pool.map(({ tid }) => tid)]).size).toBe(7);
    expect(result.pool.every(({ tid, result: answer }) => tid === answer)).toBe(true);
    expect(result.everywhere.length).toBeGreaterThanOrEqual(11);
    expect(result.everywhere.every(([tid, answer]) => tid === answer)).toBe(true);
  });

  it('take structures and answer -errno', async () => {
    const result = await runInChild(
      async ({ syscalls, SYS, AF_INET, SOCK_STREAM, inetAddress, messageHeader, startEchoServer }) => {
        const server = await startEchoServer();
        const fd = syscalls.syscall(SYS.socket, AF_INET, SOCK_STREAM, 0);
        const address = inetAddress(server.port);
        const connected = syscalls.syscall(SYS.connect, fd, address, address.length);
        const message = messageHeader(syscalls.addressOf, Buffer.from('hello'));
        const sent = syscalls.syscall(SYS.sendmsg, fd, message, 0);
        const bad = syscalls.syscall(SYS.close, 12345);
        const page = syscalls.syscall(SYS.mmap, 0, 4096, 3, 0x22, -1, 0);
        const memory = syscalls.memoryAt(page, 4096);
        memory.write('mapped');
        return { connected, sent, bad, same: Number(syscalls.addressOf(memory)) === page };
      },
      null,
    );
    expect(result).toEqual({ connected: 0, sent: 5, bad: -9, same: true });
  });

  it('race the drop from threads of their own', async () => {
    const result = await runInChild(
      async ({ syscalls, SOCK_DGRAM, SYS, AF_INET, SOCK_STREAM, inetAddress, timers }) => {
        const opener = new syscalls.SocketOpener(SOCK_DGRAM, 0);
        const old = syscalls.syscall(SYS.socket, AF_INET, SOCK_STREAM, 0);
        const chains = new syscalls.ThreadChains(4, old, inetAddress(1));
        while (opener.opened < 100 || chains.created < 100) {
          await timers.setTimeout(1);
        }
        const before = chains.escaped;
        chains.markDropped();
        while (chains.triedAfter < 100) {
          await timers.setTimeout(1);
        }
        opener.stop();
        chains.stop();
        return { refused: opener.refused, before, escaped: chains.escaped };
      },
      null,
    );
    expect(result).toMatchObject({ refused: 0, before: 0 });
    expect(result.escaped).toBeGreaterThanOrEqual(100);
  });
});

it('small programs in C are compiled once', () => {
  const program = compileProgram('setuid-probe');
  expect(execFileSync(program, { encoding: 'utf8' })).toMatch(/^\d+ \d+ [01]\n$/);
  expect(compileProgram('setuid-probe')).toBe(program);
});
