// SPDX-License-Identifier: MIT
import { runInChild } from '../support/child';
import { timeFactor } from '../support/time';

jest.setTimeout(120_000);

/** Milliseconds of processor time that half a second may cost; a loop that spins costs all of it. */
const idle = 150 * timeFactor;

describe('a killed datagram socket', () => {
  it('is silent, refuses to send, and can be closed', async () => {
    const outcome = await runInChild(async ({ native, inventory, dgram, events, timers, attempt, fs }) => {
      const receiver = dgram.createSocket('udp4').bind(0, '127.0.0.1');
      await events.once(receiver, 'listening');
      const { port } = receiver.address();
      const sender = dgram.createSocket('udp4').bind(0, '127.0.0.1');
      await events.once(sender, 'listening');
      const connected = dgram.createSocket('udp4');
      await new Promise<void>((resolve) => connected.connect(port, '127.0.0.1', resolve));
      const seen: string[] = [];
      for (const socket of [receiver, sender, connected]) socket.on('error', (error) => seen.push(String(error)));
      const send = (socket: import('node:dgram').Socket, ...to: [] | [number, string]) =>
        attempt(
          () =>
            new Promise<void>((resolve, reject) => {
              const done = (error: Error | null) => (error === null ? resolve() : reject(error));
              if (to.length === 0) socket.send('x', done);
              else socket.send('x', to[0], to[1], done);
            }),
        );
      const before = [await send(sender, port, '127.0.0.1'), await send(connected)];
      const count = fs.readdirSync('/proc/self/fd').length;
      const killed = native.killDescriptors(
        inventory.takeInventory(native).filter(({ kind }) => kind === 'udp'),
        10_000,
      );
      const start = process.cpuUsage();
      const after = [await send(sender, port, '127.0.0.1'), await send(connected)];
      await timers.setTimeout(500);
      const { user, system } = process.cpuUsage(start);
      const leaked = fs.readdirSync('/proc/self/fd').length - count;
      for (const socket of [receiver, sender, connected]) socket.close();
      await timers.setTimeout(50);
      const freed = count - fs.readdirSync('/proc/self/fd').length;
      return { before, killed, after, seen, leaked, freed, cpu: (user + system) / 1000 };
    }, null);
    expect(outcome).toMatchObject({
      before: ['ok', 'ok'],
      killed: [0, 0, 0],
      after: ['ENOTSOCK', 'ENOTSOCK'],
      seen: [],
      leaked: 0,
      freed: 3,
    });
    expect(outcome.cpu).toBeLessThan(idle);
  });
});

describe('killing', () => {
  it('reaches the sockets of Workers while they are busy with them', async () => {
    const outcome = await runInChild(async ({ native, inventory, workers, events, startEchoServer, timers }) => {
      const echo = await startEchoServer();
      // Each Worker opens connections, pauses and resumes them all the time, and closes what fails. When
      // nothing is left it is idle: whatever costs time then is a loop that spins.
      const code = `
        const { connect } = require('node:net');
        const { parentPort, workerData } = require('node:worker_threads');
        let failed = 0;
        const sockets = new Set();
        parentPort.on('message', () => parentPort.postMessage(failed));
        for (let count = 0; count < 20; count += 1) {
          const socket = connect(workerData, '127.0.0.1', () => { sockets.add(socket); socket.write('x'); });
          socket.on('data', (data) => socket.write(data));
          socket.on('error', () => { failed += 1; sockets.delete(socket); if (failed === 20) clearInterval(timer); });
        }
        const timer = setInterval(() => { for (const socket of sockets) socket.isPaused() ? socket.resume() : socket.pause(); }, 1);
        parentPort.postMessage('ready');`;
      const threads = Array.from({ length: 3 }, () => new workers.Worker(code, { eval: true, workerData: echo.port }));
      await Promise.all(threads.map((thread) => events.once(thread, 'message')));
      const isClient = ({ remote }: { remote: string | null }) => remote === `127.0.0.1:${echo.port}`;
      const list = () => inventory.takeInventory(native).filter(isClient);
      while (list().length < 60) await timers.setTimeout(50);
      const clients = list();
      // One by one and in bulk, so that there are many moments at which a Worker may be in between.
      const results = clients.slice(0, 30).flatMap((client) => native.killDescriptors([client], 10_000));
      results.push(...native.killDescriptors(clients.slice(30), 10_000));
      await timers.setTimeout(300);
      const left = list().length;
      const start = process.cpuUsage();
      await timers.setTimeout(500);
      const { user, system } = process.cpuUsage(start);
      const failures: number[] = [];
      for (const thread of threads) {
        const answer = events.once(thread, 'message');
        thread.postMessage(null);
        failures.push(((await answer) as [number])[0]);
      }
      await Promise.all(threads.map((thread) => thread.terminate()));
      return { clients: clients.length, results, left, failures, cpu: (user + system) / 1000 };
    }, null);
    expect(outcome.clients).toBe(60);
    expect(outcome.results.every((result) => result === 0)).toBe(true);
    expect(outcome).toMatchObject({ left: 0, failures: [20, 20, 20] });
    expect(outcome.cpu).toBeLessThan(idle);
  });

  it('leaves alone what has come to stand under the number, and keeps close-on-exec as it was', async () => {
    const outcome = await runInChild(({ native, inventory, syscalls, SYS, fs }) => {
      const file = fs.openSync('/dev/null', 'r');
      const answers = native.killDescriptors(
        [
          { fd: file, link: 'socket:[12345]' },
          { fd: 4000, link: 'socket:[12345]' },
          { fd: -1, link: 'anon_inode:[io_uring]' },
        ],
        10_000,
      );
      const flagsOf = (fd: number) => /flags:\s*(\d+)/.exec(fs.readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1];
      const closeOnExec = (fd: number) => (parseInt(flagsOf(fd) ?? '', 8) & 0o2000000) !== 0;
      const kept = syscalls.syscall(SYS.socket, 2, 2, 0);
      const closed = syscalls.syscall(SYS.socket, 2, 2 | 0o2000000, 0);
      const targets = inventory.takeInventory(native).filter(({ kind }) => kind === 'udp');
      return {
        answers,
        link: fs.readlinkSync(`/proc/self/fd/${file}`),
        before: [closeOnExec(kept), closeOnExec(closed)],
        killed: native.killDescriptors(targets, 10_000),
        after: [closeOnExec(kept), closeOnExec(closed)],
      };
    }, null);
    expect(outcome).toEqual({
      answers: [0, 0, 0],
      link: '/dev/null',
      before: [false, true],
      killed: [0, 0],
      after: [false, true],
    });
  });

  it('does thousands at once, and with hardly a descriptor to spare', async () => {
    const outcome = await runInChild(async ({ native, inventory, fs, startEchoServer, connect, syscalls, timers }) => {
      const echo = await startEchoServer();
      const count = () => fs.readdirSync('/proc/self/fd').length;
      const before = count();
      const sockets = await Promise.all(Array.from({ length: 1000 }, () => connect(echo.port)));
      let errors = 0;
      for (const socket of sockets) socket.on('error', () => (errors += 1));
      const isConnection = ({ kind, state }: { kind: string; state: string | null }) =>
        kind === 'tcp' && state === 'connected';
      const list = () => inventory.takeInventory(native).filter(isConnection);
      // The server accepts them by and by. A whole inventory each time would leave it hardly a moment to do so.
      while (count() < before + 2000) await timers.setTimeout(50);
      const targets = list();
      const open = fs.readdirSync('/proc/self/fd').map(Number);
      // Five numbers are left: killing in bulk takes more, and has to make do with less.
      const most = BigInt(/Max open files\s+\d+\s+(\d+)/.exec(fs.readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? 0);
      const limit = Buffer.from(new BigUint64Array([BigInt(Math.max(...open) + 6), most]).buffer);
      const prlimit = process.arch === 'arm64' ? 261 : 302;
      const tight = syscalls.syscall(prlimit, 0, 7, limit, null);
      const few = native.killDescriptors(targets.slice(0, 20), 10_000);
      limit.writeBigUInt64LE(most);
      syscalls.syscall(prlimit, 0, 7, limit, null);
      const start = performance.now();
      const many = native.killDescriptors(targets.slice(20), 10_000);
      const milliseconds = performance.now() - start;
      await timers.setTimeout(500);
      const left = list().length;
      return {
        count: targets.length,
        tight,
        few,
        many: many.filter((result) => result === 0).length,
        left,
        errors,
        milliseconds,
      };
    }, null);
    expect(outcome).toMatchObject({ count: 2000, tight: 0, many: 1980, left: 0, errors: 1000 });
    expect(outcome.few).toEqual(Array<number>(20).fill(0));
    expect(outcome.milliseconds).toBeLessThan(5000 * timeFactor);
  });

  it('says so when no descriptor is left to do it with', async () => {
    const results = await runInChild(({ native, inventory, syscalls, SYS, fs }) => {
      syscalls.syscall(SYS.socket, 2, 2, 0);
      const targets = inventory.takeInventory(native).filter(({ kind }) => kind === 'udp');
      const most = BigInt(/Max open files\s+\d+\s+(\d+)/.exec(fs.readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? 0);
      const limit = Buffer.from(new BigUint64Array([4n, most]).buffer);
      if (syscalls.syscall(process.arch === 'arm64' ? 261 : 302, 0, 7, limit, null) !== 0) throw new Error('prlimit');
      return native.killDescriptors(targets, 10_000);
    }, null);
    expect(results).toEqual([-24]);
  });

  it('ends a ring that is not mapped, its polling thread included', async () => {
    const outcome = await runInChild(async ({ native, inventory, syscalls, SYS, threadStatuses, timers }) => {
      const parameters = Buffer.alloc(120);
      parameters.writeUInt32LE(2, 8);
      syscalls.syscall(SYS.io_uring_setup, 8, parameters);
      const isPolling = () => threadStatuses().some(({ name }) => name.startsWith('iou-sqp'));
      while (!isPolling()) await timers.setTimeout(10);
      const rings = inventory.takeInventory(native).filter(({ kind }) => kind === 'io-uring');
      const killed = native.killDescriptors(rings, 10_000);
      for (let count = 0; count < 200 && isPolling(); count += 1) await timers.setTimeout(10);
      return { killed, left: isPolling() };
    }, null);
    expect(outcome).toEqual({ killed: [0], left: false });
  });
});
