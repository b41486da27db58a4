// SPDX-License-Identifier: MIT
// A drop where descriptors are short: all of it or nothing, and the reason that is said is the true one.
import { runInChild } from '../../support/child';
import { oldSocketError, provider } from '../support/provider';

jest.setTimeout(120_000);

it.each([0, 1, 2, 3, 5, 8, 40])('with %i free descriptors', async (free) => {
  const { error, dropped } = await runInChild(({ library, fs, syscalls, SYS }, count) => {
    library.planDisableNetwork();
    const open: number[] = [];
    try {
      for (;;) open.push(fs.openSync('/dev/null', 'r'));
    } catch {
      for (const fd of open.splice(open.length - count)) fs.closeSync(fd);
    }
    try {
      library.disableNetwork({ residuals: 'close' });
      return { error: null, dropped: syscalls.syscall(SYS.socket, 2, 2, 0) === -1 };
    } catch (thrown) {
      const { code, message } = thrown as NodeJS.ErrnoException;
      open.splice(0, 10).forEach((fd) => {
        fs.closeSync(fd);
      });
      return { error: { code, message }, dropped: syscalls.syscall(SYS.socket, 2, 2, 0) === -1 };
    }
  }, free);
  if (free === 40) {
    expect({ error, dropped }).toEqual({ error: null, dropped: true });
    return;
  }
  expect(dropped).toBe(error === null);
  if (error !== null) {
    expect(error.code).toBe('ERR_DISABLENETWORK_KERNEL');
    expect(error.message).toMatch(/EMFILE\. .*RLIMIT_NOFILE .*ulimit -n.*Nothing was changed\.$/);
    expect(error.message).not.toMatch(/mount|pid namespace/);
  }
  // With nothing free there is nothing that can be asked.
  if (free === 0) expect(error).not.toBeNull();
});

// Each thread needs descriptors for its Landlock ruleset. A drop that ended there was taken for one
// that is in force, by the next call.
it.each([2, 4, 8, 16, 24])('with 40 more threads and %i free descriptors, and again with enough', async (free) => {
  const result = await runInChild(
    async ({ library, fs, syscalls, SYS, inetAddress, startEchoServer, childProcess, native }, count) => {
      const server = await startEchoServer();
      const other = childProcess.spawn('sleep', ['60']);
      const threads = Array.from({ length: 40 }, () => new syscalls.NativeThread());
      const socket = syscalls.syscall(SYS.socket, 2, 1, 0);
      library.planDisableNetwork();
      const open: number[] = [];
      try {
        for (;;) open.push(fs.openSync('/dev/null', 'r'));
      } catch {
        for (const fd of open.splice(open.length - count)) fs.closeSync(fd);
      }
      const drop = (): string => {
        try {
          const { provider, tried } = library.disableNetwork({ residuals: 'close' });
          return `${provider}: ${tried.length > 0 ? 'tried' : 'not tried'}`;
        } catch (error) {
          return (error as NodeJS.ErrnoException).code ?? String(error);
        }
      };
      const first = drop();
      for (const fd of open) fs.closeSync(fd);
      const second = drop();
      const memory = (): string => {
        try {
          fs.closeSync(fs.openSync(`/proc/${String(other.pid)}/mem`, 'r+'));
          return 'open';
        } catch (error) {
          return (error as NodeJS.ErrnoException).code ?? String(error);
        }
      };
      const ways = {
        connected: syscalls.syscall(SYS.connect, socket, inetAddress(server.port), 16),
        memory: memory(),
        sockets: threads.map((thread) => thread.syscall(SYS.socket, 2, 1, 0)),
      };
      other.kill();
      return { first, second, ways, inForce: native.trySocket(2, 1) === -1 };
    },
    free,
  );
  expect(result.second).toBe(`${provider}: tried`);
  expect([result.second, 'ERR_DISABLENETWORK_KERNEL']).toContain(result.first);
  expect(result.inForce).toBe(true);
  expect(result.ways.sockets).toEqual(Array(40).fill(-1));
  expect(result.ways.connected).toBe(oldSocketError);
  expect(result.ways.memory).toBe('EACCES');
});
