// SPDX-License-Identifier: MIT
import { runInChild } from '../support/child';
import { timeFactor } from '../support/time';

jest.setTimeout(120_000);

/** Milliseconds of processor time that half a second may cost; a loop that spins costs all of it. */
const idle = 150 * timeFactor;

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
      const killed = native.killDescriptors(tcp, 10_000);
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
        outcomes.push(`${act}: ${native.killDescriptors(descriptors, 10_000).join()}`);
        if (act === 'write') socket.write('x');
        if (act === 'resume') socket.resume();
        if (act === 'pause and resume') socket.pause().resume().pause().resume();
        if (act === 'end') socket.resume().end('bye');
        if (act === 'destroy') socket.destroy();
        await timers.setTimeout(100);
      }
      outcomes.push(await attempt(() => native.killDescriptors([{ fd: 9999, link: 'socket:[1]' }], 10_000)));
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
      native.killDescriptors(waiting, 10_000);
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
      native.killDescriptors(both, 10_000);
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
        native.killDescriptors(raw, 10_000);
        return performance.now() - start;
      },
      null,
    );
    expect(milliseconds).toBeLessThan(1000 * timeFactor);
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
      const killed = native.killDescriptors(listening, 10_000);
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
      const killed = native.killDescriptors(listening, 10_000);
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
