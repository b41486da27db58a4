// SPDX-License-Identifier: MIT
// The drop borrows the C library's set-id signal for a moment. Nothing that uses signals may notice.
import { runInChild } from '../../support/child';

jest.setTimeout(120_000);

it("Node's own signals are delivered after the drop as before", async () => {
  const result = await runInChild(async ({ childProcess, events, library }) => {
    const count = new Map<string, number>();
    for (const signal of ['SIGUSR2', 'SIGWINCH', 'SIGHUP', 'SIGALRM', 'SIGCONT'] as const) {
      process.on(signal, () => count.set(signal, (count.get(signal) ?? 0) + 1));
    }
    const round = async (): Promise<Record<string, unknown>> => {
      count.clear();
      for (const signal of ['SIGUSR2', 'SIGWINCH', 'SIGHUP', 'SIGALRM', 'SIGCONT'] as const) {
        const delivered = events.once(process, signal);
        process.kill(process.pid, signal);
        await delivered;
      }
      // SIGCHLD: how Node learns that a child has ended, and how.
      const exits = events.once(childProcess.spawn('sh', ['-c', 'exit 7']), 'exit');
      const killed = childProcess.spawn('sleep', ['1000']);
      const ended = events.once(killed, 'exit');
      killed.kill('SIGTERM');
      return { ...Object.fromEntries(count), exit: await exits, killed: await ended };
    };
    const before = await round();
    library.disableNetwork();
    return { before, after: await round() };
  }, null);
  const expected = {
    SIGUSR2: 1,
    SIGWINCH: 1,
    SIGHUP: 1,
    SIGALRM: 1,
    SIGCONT: 1,
    exit: [7, null],
    killed: [null, 'SIGTERM'],
  };
  expect(result).toEqual({ before: expected, after: expected });
});

it('signals that arrive while the drop runs are not lost', async () => {
  const result = await runInChild(async ({ childProcess, events, library, timers }) => {
    let received = 0;
    process.on('SIGUSR2', () => received++);
    // Another process fires without pause; the drop happens in between.
    const code = `
      const parent = process.ppid;
      const end = Date.now() + 60000;
      process.on('message', () => process.exit(0));
      (function fire() {
        for (let i = 0; i < 50; i++) process.kill(parent, 'SIGUSR2');
        if (Date.now() < end) setImmediate(fire);
      })();`;
    const shooter = childProcess.spawn(process.execPath, ['-e', code], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    while (received < 10) {
      await timers.setTimeout(1);
    }
    library.disableNetwork();
    const atDrop = received;
    while (received < atDrop + 10) {
      await timers.setTimeout(1);
    }
    const exit = events.once(shooter, 'exit');
    shooter.send('stop');
    return { exit: await exit, disabled: library.isNetworkDisabled() };
  }, null);
  expect(result).toEqual({ exit: [0, null], disabled: true });
});

it('the set-id calls of the C library still reach every thread', async () => {
  const ids = (text: string): string[] => /^Gid:\s*(.*)$/m.exec(text)?.[1]?.split('\t') ?? [];
  const result = await runInChild(async ({ fs, library, syscalls, SYS }) => {
    const gids = (): string[] =>
      fs.readdirSync('/proc/self/task').map((tid) => fs.readFileSync(`/proc/self/task/${tid}/status`, 'utf8'));
    await syscalls.syscallInPool(4, SYS.gettid);
    const native = new syscalls.NativeThread('library');
    const gid = process.getgid?.() ?? -1;
    process.setegid?.(gid);
    library.disableNetwork();
    // As root every id is allowed; anyone may set their own again.
    const target = process.getuid?.() === 0 ? gid + 1234 : gid;
    process.setegid?.(target);
    const after = gids();
    process.setegid?.(gid);
    const restored = gids();
    native.stop();
    return { target, after, restored, gid };
  }, null);
  expect(result.after.length).toBeGreaterThanOrEqual(11);
  expect(new Set(result.after.map((text) => ids(text)[1]))).toEqual(new Set([String(result.target)]));
  expect(new Set(result.restored.map((text) => ids(text)[1]))).toEqual(new Set([String(result.gid)]));
});
