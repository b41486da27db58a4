// SPDX-License-Identifier: MIT
import { runInChild } from '../support/child';

jest.setTimeout(120_000);

/** Milliseconds of processor time that half a second may cost; a loop that spins costs all of it. */
const idle = 150;

describe('a killed connection', () => {
  it('fails with ECONNRESET, keeps its number until it is closed, and leaves nothing behind', async () => {
    const outcome = await runInChild(async (toolbox) => {
      const { native, inventory, fs, startEchoServer, connect, exchange, timers } = toolbox;
      const echo = await startEchoServer();
      const before = fs.readdirSync('/proc/self/fd').length;
      const socket = await connect(echo.port);
      await exchange(socket, 100_000);
      const tcp = inventory.takeInventory(native).filter(({ kind, state }) => kind === 'tcp' && state === 'connected');
      const events: string[] = [];
      socket.on('error', (error: NodeJS.ErrnoException) => events.push(`${error.code ?? ''} ${error.syscall ?? ''}`));
      socket.on('close', () => events.push('close'));
      const killed = native.killDescriptors(tcp);
      const numbers = tcp.map(({ fd }) => fd);
      const held = numbers.map((fd) => fs.readlinkSync(`/proc/self/fd/${fd}`) !== `socket:[${fd}]`);
      // The lowest free number is handed out next: it must be none of these.
      const fresh = fs.openSync('/dev/null', 'r');
      const reused = numbers.includes(fresh);
      fs.closeSync(fresh);
      const left = inventory.takeInventory(native).filter(({ kind, state }) => kind === 'tcp' && state === 'connected');
      await timers.setTimeout(100);
      const after = fs.readdirSync('/proc/self/fd').length;
      return { connections: tcp.length, killed, held, reused, left: left.length, events, leaked: after - before };
    }, null);
    expect(outcome).toEqual({
      connections: 2,
      killed: [0, 0],
      held: [true, true],
      reused: false,
      left: 0,
      events: ['ECONNRESET read', 'close'],
      leaked: 0,
    });
  });

  it('fails to write with EPIPE when nobody reads, and does not abort when reading begins again', async () => {
    const outcome = await runInChild(async ({ native, inventory, startEchoServer, connect, timers, attempt }) => {
      const echo = await startEchoServer();
      const outcomes: string[] = [];
      for (const act of ['write', 'resume', 'pause and resume', 'end', 'destroy']) {
        const socket = await connect(echo.port);
        socket.on('error', (error: NodeJS.ErrnoException) => outcomes.push(`${act}: ${error.code ?? ''}`));
        socket.on('close', () => outcomes.push(`${act}: close`));
        if (act !== 'pause and resume') socket.pause();
        const descriptors = inventory.takeInventory(native).filter(({ remote }) => remote?.endsWith(`:${echo.port}`));
        outcomes.push(`${act}: ${native.killDescriptors(descriptors).join()}`);
        if (act === 'write') socket.write('x');
        if (act === 'resume') socket.resume();
        if (act === 'pause and resume') socket.pause().resume().pause().resume();
        if (act === 'end') socket.resume().end('bye');
        if (act === 'destroy') socket.destroy();
        await timers.setTimeout(100);
      }
      outcomes.push(await attempt(() => native.killDescriptors([{ fd: 9999, link: 'socket:[1]' }])));
      return outcomes;
    }, null);
    const of = (act: string) =>
      outcome.filter((text) => text.startsWith(`${act}: `)).map((text) => text.slice(act.length + 2));
    expect(of('write')).toEqual(['0', 'EPIPE', 'close']);
    expect(of('resume')).toEqual(['0', 'ECONNRESET', 'close']);
    expect(of('pause and resume')).toEqual(['0', 'ECONNRESET', 'close']);
    expect(of('end')).toEqual(['0', expect.stringMatching(/^(ECONNRESET|EPIPE)$/), 'close']);
    expect(of('destroy')).toEqual(['0', 'close']);
    expect(outcome.at(-1)).toBe('ok');
  });

  it('ends the wait for a connection that is being made', async () => {
    const outcome = await runInChild(async ({ native, inventory, syscalls, SYS, net, inetAddress, timers }) => {
      // A listener whose queue is full answers no more: the third connection waits.
      const listener = syscalls.syscall(SYS.socket, 2, 1, 0);
      syscalls.syscall(SYS.bind, listener, inetAddress(0), 16);
      syscalls.syscall(SYS.listen, listener, 0);
      const local = inventory.takeInventory(native).find(({ fd }) => fd === listener)?.local ?? '';
      const port = Number(local.split(':')[1]);
      const sockets = Array.from({ length: 4 }, () => net.connect(port, '127.0.0.1'));
      const errors: string[] = [];
      sockets.forEach((socket) => socket.on('error', (error: NodeJS.ErrnoException) => errors.push(error.code ?? '')));
      await timers.setTimeout(200);
      const waiting = inventory
        .takeInventory(native)
        .filter(({ fd, kind, state }) => kind === 'tcp' && state === 'unconnected' && fd !== listener);
      native.killDescriptors(waiting);
      await timers.setTimeout(100);
      return { waiting: waiting.length, errors };
    }, null);
    expect(outcome.waiting).toBeGreaterThan(0);
    expect(outcome.errors).toEqual(Array<string>(outcome.waiting).fill('ECONNRESET'));
  });

  it('is closed for its peer, all of its duplicates together', async () => {
    const outcome = await runInChild(async ({ native, inventory, syscalls, SYS, connect, net, listen, events }) => {
      const server = net.createServer();
      const port = await listen(server);
      const accepted = events.once(server, 'connection');
      const client = await connect(port);
      client.on('error', () => client.destroy());
      const [peer] = (await accepted) as [import('node:net').Socket];
      peer.on('error', () => undefined);
      const isClient = (link: string) => inventory.takeInventory(native).filter((each) => each.link === link);
      const original = inventory.takeInventory(native).find(({ remote }) => remote === `127.0.0.1:${port}`);
      if (original === undefined) throw new Error('no client');
      // pidfd_getfd() on oneself is a dup() on every architecture.
      const self = syscalls.syscall(SYS.pidfd_open, process.pid, 0);
      const duplicate = syscalls.syscall(SYS.pidfd_getfd, self, original.fd, 0);
      const both = isClient(original.link);
      const ended = events.once(peer.resume(), 'close');
      native.killDescriptors(both);
      await ended;
      return { duplicate, found: both.length, left: isClient(original.link).length };
    }, null);
    expect(outcome.duplicate).toBeGreaterThan(2);
    expect(outcome).toMatchObject({ found: 2, left: 0 });
  });

  it('does not wait for the other side although SO_LINGER says so', async () => {
    const milliseconds = await runInChild(
      async ({ native, inventory, syscalls, SYS, net, listen, connect, events, timers }) => {
        const server = net.createServer((socket) => socket.pause());
        const port = await listen(server);
        const accepted = events.once(server, 'connection');
        const client = await connect(port);
        client.on('error', () => undefined);
        await accepted;
        const raw = inventory.takeInventory(native).filter(({ remote }) => remote === `127.0.0.1:${port}`);
        const linger = Buffer.from(new Uint32Array([1, 30]).buffer);
        for (const { fd } of raw) syscalls.syscall(SYS.setsockopt, fd, 1, 13, linger, 8);
        // More than the buffers hold: some of it is still to be sent.
        client.write(Buffer.alloc(32_000_000));
        await timers.setTimeout(100);
        const start = performance.now();
        native.killDescriptors(raw);
        return performance.now() - start;
      },
      null,
    );
    expect(milliseconds).toBeLessThan(1000);
  });
});

describe('a killed listener', () => {
  it('is silent: refused by the kernel, no event, no processor time, and it can be closed', async () => {
    const outcome = await runInChild(async ({ native, inventory, net, listen, tryConnect, timers, events }) => {
      const server = net.createServer((socket) => socket.destroy());
      const seen: string[] = [];
      server.on('error', (error) => seen.push(String(error)));
      const port = await listen(server);
      const before = await tryConnect(port);
      const listening = inventory
        .takeInventory(native)
        .filter(({ state, kind }) => kind === 'tcp' && state === 'listening');
      const killed = native.killDescriptors(listening);
      const start = process.cpuUsage();
      const attempts = [await tryConnect(port), await tryConnect(port)];
      await timers.setTimeout(500);
      const { user, system } = process.cpuUsage(start);
      const closed = events.once(server, 'close');
      server.close();
      await closed;
      return { before, killed, attempts, seen, cpu: (user + system) / 1000 };
    }, null);
    expect(outcome).toMatchObject({ before: 'ok', killed: [0], attempts: ['ECONNREFUSED', 'ECONNREFUSED'], seen: [] });
    expect(outcome.cpu).toBeLessThan(idle);
  });

  it('is silent, too, when another process still listens and connections come in', async () => {
    const outcome = await runInChild(async ({ native, inventory, net, listen, tryConnect, timers, childProcess }) => {
      const server = net.createServer((socket) => socket.destroy());
      const seen: string[] = [];
      server.on('error', (error) => seen.push(String(error)));
      const port = await listen(server);
      const listening = inventory
        .takeInventory(native)
        .filter(({ state, kind }) => kind === 'tcp' && state === 'listening');
      const holder = childProcess.spawn('sleep', ['100'], {
        stdio: ['ignore', listening[0]?.fd ?? 'ignore', 'ignore'],
      });
      const killed = native.killDescriptors(listening);
      const start = process.cpuUsage();
      // The kernel accepts for the process that still holds the socket.
      const attempts = [await tryConnect(port), await tryConnect(port)];
      await timers.setTimeout(500);
      const { user, system } = process.cpuUsage(start);
      holder.kill();
      return { killed, attempts, seen, cpu: (user + system) / 1000 };
    }, null);
    expect(outcome).toMatchObject({ killed: [0], attempts: ['ok', 'ok'], seen: [] });
    expect(outcome.cpu).toBeLessThan(idle);
  });
});

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
      const killed = native.killDescriptors(inventory.takeInventory(native).filter(({ kind }) => kind === 'udp'));
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
      // Each Worker opens connections, pauses and resumes them all the time, and closes what fails.
      const code = `
        const { connect } = require('node:net');
        const { parentPort, workerData } = require('node:worker_threads');
        let failed = 0;
        const sockets = new Set();
        parentPort.on('message', () => parentPort.postMessage(failed));
        for (let count = 0; count < 20; count += 1) {
          const socket = connect(workerData, '127.0.0.1', () => { sockets.add(socket); socket.write('x'); });
          socket.on('data', (data) => socket.write(data));
          socket.on('error', () => { failed += 1; sockets.delete(socket); });
        }
        setInterval(() => { for (const socket of sockets) socket.isPaused() ? socket.resume() : socket.pause(); }, 1);
        parentPort.postMessage('ready');`;
      const threads = Array.from({ length: 3 }, () => new workers.Worker(code, { eval: true, workerData: echo.port }));
      await Promise.all(threads.map((thread) => events.once(thread, 'message')));
      await timers.setTimeout(300);
      const isClient = ({ remote }: { remote: string | null }) => remote === `127.0.0.1:${echo.port}`;
      const clients = inventory.takeInventory(native).filter(isClient);
      // One by one and in bulk, so that there are many moments at which a Worker may be in between.
      const results = clients.slice(0, 30).flatMap((client) => native.killDescriptors([client]));
      results.push(...native.killDescriptors(clients.slice(30)));
      await timers.setTimeout(300);
      const left = inventory.takeInventory(native).filter(isClient).length;
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

  it('wakes threads that wait in accept(), recv() and on a datagram', async () => {
    const results = await runInChild(
      async ({ native, inventory, syscalls, SYS, inetAddress, startEchoServer, timers }) => {
        const syscall: typeof syscalls.syscall = (...call) => syscalls.syscall(...call);
        const listener = syscall(SYS.socket, 2, 1, 0);
        syscall(SYS.bind, listener, inetAddress(0), 16);
        syscall(SYS.listen, listener, 5);
        const echo = await startEchoServer();
        const connection = syscall(SYS.socket, 2, 1, 0);
        syscall(SYS.connect, connection, inetAddress(echo.port), 16);
        const datagram = syscall(SYS.socket, 2, 2, 0);
        syscall(SYS.bind, datagram, inetAddress(0), 16);
        const buffer = Buffer.alloc(8);
        const recvfrom = process.arch === 'arm64' ? 207 : 45;
        const waiters = [
          { fd: listener, number: SYS.accept, args: [null, null] },
          { fd: connection, number: recvfrom, args: [buffer, 8, 0, null, null] },
          { fd: datagram, number: recvfrom, args: [buffer, 8, 0, null, null] },
        ].map(({ fd, number, args }) => {
          const thread = new syscalls.NativeThread();
          thread.begin(number, fd, ...args);
          return { fd, thread };
        });
        await timers.setTimeout(200);
        const targets = inventory.takeInventory(native).filter(({ fd }) => waiters.some((waiter) => waiter.fd === fd));
        const killed = native.killDescriptors(targets);
        return { killed, answers: waiters.map(({ thread }) => thread.finish()) };
      },
      null,
    );
    expect(results.killed).toEqual([0, 0, 0]);
    // accept() says EINVAL, the others that the end is reached: nobody got a descriptor or data.
    expect(results.answers).toEqual([-22, 0, 0]);
  });

  it('leaves alone what has come to stand under the number, and keeps close-on-exec as it was', async () => {
    const outcome = await runInChild(({ native, inventory, syscalls, SYS, fs }) => {
      const file = fs.openSync('/dev/null', 'r');
      const answers = native.killDescriptors([
        { fd: file, link: 'socket:[12345]' },
        { fd: 4000, link: 'socket:[12345]' },
        { fd: -1, link: 'anon_inode:[io_uring]' },
      ]);
      const flagsOf = (fd: number) => /flags:\s*(\d+)/.exec(fs.readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1];
      const closeOnExec = (fd: number) => (parseInt(flagsOf(fd) ?? '', 8) & 0o2000000) !== 0;
      const kept = syscalls.syscall(SYS.socket, 2, 2, 0);
      const closed = syscalls.syscall(SYS.socket, 2, 2 | 0o2000000, 0);
      const targets = inventory.takeInventory(native).filter(({ kind }) => kind === 'udp');
      return {
        answers,
        link: fs.readlinkSync(`/proc/self/fd/${file}`),
        before: [closeOnExec(kept), closeOnExec(closed)],
        killed: native.killDescriptors(targets),
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
      const sockets = await Promise.all(Array.from({ length: 1000 }, () => connect(echo.port)));
      let errors = 0;
      for (const socket of sockets) socket.on('error', () => (errors += 1));
      const isConnection = ({ kind, state }: { kind: string; state: string | null }) =>
        kind === 'tcp' && state === 'connected';
      // The server accepts them by and by.
      const list = () => inventory.takeInventory(native).filter(isConnection);
      while (list().length < 2000) await timers.setTimeout(50);
      const targets = list();
      const open = fs.readdirSync('/proc/self/fd').map(Number);
      // Five numbers are left: killing in bulk takes more, and has to make do with less.
      const most = BigInt(/Max open files\s+\d+\s+(\d+)/.exec(fs.readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? 0);
      const limit = Buffer.from(new BigUint64Array([BigInt(Math.max(...open) + 6), most]).buffer);
      const prlimit = process.arch === 'arm64' ? 261 : 302;
      const tight = syscalls.syscall(prlimit, 0, 7, limit, null);
      const few = native.killDescriptors(targets.slice(0, 20));
      limit.writeBigUInt64LE(most);
      syscalls.syscall(prlimit, 0, 7, limit, null);
      const start = performance.now();
      const many = native.killDescriptors(targets.slice(20));
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
    expect(outcome.milliseconds).toBeLessThan(5000);
  });

  it('says so when no descriptor is left to do it with', async () => {
    const results = await runInChild(({ native, inventory, syscalls, SYS, fs }) => {
      syscalls.syscall(SYS.socket, 2, 2, 0);
      const targets = inventory.takeInventory(native).filter(({ kind }) => kind === 'udp');
      const most = BigInt(/Max open files\s+\d+\s+(\d+)/.exec(fs.readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? 0);
      const limit = Buffer.from(new BigUint64Array([4n, most]).buffer);
      if (syscalls.syscall(process.arch === 'arm64' ? 261 : 302, 0, 7, limit, null) !== 0) throw new Error('prlimit');
      return native.killDescriptors(targets);
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
      const killed = native.killDescriptors(rings);
      for (let count = 0; count < 200 && isPolling(); count += 1) await timers.setTimeout(10);
      return { killed, left: isPolling() };
    }, null);
    expect(outcome).toEqual({ killed: [0], left: false });
  });
});
