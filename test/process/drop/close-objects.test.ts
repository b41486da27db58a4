// SPDX-License-Identifier: MIT
// What the call closes, as Node's own objects see it: they are closed as if by their own methods, those
// that keep no process alive too, and what is to stay goes on.
import { runInChild } from '../../support/child';
import { compileProgram } from '../../support/programs';
import { byProvider } from '../support/provider';

jest.setTimeout(120_000);

/** Without Landlock a TCP connection and a UDP socket are residuals; with the kernel patch nothing is. */
const launcher = [compileProgram('without-landlock')];

it("listeners: 'close' closes servers of every kind, and leaves their connections", async () => {
  const { servers, closed, bytes, page } = await runInChild(
    async ({ library, net, http, https, http2, tls, certificate, listen, connect, exchange, events, tryConnect }) => {
      const page = http.createServer((request, response) => response.end(`page ${String(request.url)}`));
      const echo = net.createServer((socket) => socket.pipe(socket));
      const all: import('node:net').Server[] = [
        ...[echo, page, https.createServer(certificate), tls.createServer(certificate)],
        ...[http2.createServer(), http2.createSecureServer(certificate), net.createServer().unref()],
      ];
      const ports = await Promise.all(all.map(async (server) => listen(server)));
      const kept = await connect(ports[0] ?? 0);
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      const get = async (path: string): Promise<string> => {
        const [response] = (await events.once(
          http.get({ port: ports[1], host: '127.0.0.1', path, agent }),
          'response',
        )) as [import('node:http').IncomingMessage];
        let text = '';
        for await (const part of response) text += String(part);
        return text;
      };
      const first = await get('/1');
      const before = await Promise.all(ports.map(tryConnect));
      const ended = all.map(async (server) => events.once(server, 'close'));
      const { closed } = library.disableNetwork({ listeners: 'close' });
      const servers = all.map((server, index) => ({
        before: before[index],
        listening: server.listening,
        address: server.address(),
      }));
      const bytes = (await exchange(kept, 100_000)).length;
      const page2 = await get('/2');
      kept.destroy();
      agent.destroy();
      await Promise.all(ended);
      return { servers, closed: closed.map(({ owner }) => owner), bytes, page: [first, page2] };
    },
    null,
  );
  expect(servers).toEqual(Array(7).fill({ before: 'ok', listening: false, address: null }));
  expect(closed.sort()).toEqual([
    'http.Server',
    'http2.Http2SecureServer',
    'http2.Http2Server',
    'https.Server',
    'net.Server',
    'net.Server',
    'tls.Server',
  ]);
  expect({ bytes, page }).toEqual({ bytes: 64, page: ['page /1', 'page /2'] });
});

it.each([true, false])(
  "residuals: 'close' destroys connections, and says why unless explain is %p",
  async (explain) => {
    const outcome = await runInChild(
      async ({ library, net, tls, http, http2, certificate, listen, events, connect, timers }, input) => {
        const echo = net.createServer((socket) => socket.on('error', () => undefined).pipe(socket));
        const secure = tls.createServer(certificate, (socket) => socket.on('error', () => undefined).pipe(socket));
        const silent = http.createServer(() => undefined);
        const second = http2.createServer();
        const ports = await Promise.all([echo, secure, silent, second].map(async (server) => listen(server)));
        const plain = await connect(ports[0] ?? 0);
        const encrypted = tls.connect({ port: ports[1] ?? 0, host: '127.0.0.1', rejectUnauthorized: false });
        await events.once(encrypted, 'secureConnect');
        const request = http.get({ port: ports[2], host: '127.0.0.1' });
        await events.once(silent, 'request');
        const session = http2.connect(`http://127.0.0.1:${String(ports[3])}`);
        await events.once(session, 'connect');
        const seen: Record<string, unknown[]> = {};
        for (const [name, emitter] of Object.entries({ plain, encrypted, request, session })) {
          seen[name] = [];
          emitter.on('error', (error: NodeJS.ErrnoException) =>
            seen[name]?.push(error.code, library.isNetworkDisabledError(error)),
          );
          emitter.on('close', () => seen[name]?.push('close'));
        }
        const receipt = library.disableNetwork({ residuals: 'close', explain: input });
        const destroyed = [plain.destroyed, encrypted.destroyed, session.destroyed || session.closed];
        await timers.setTimeout(300);
        return { seen, destroyed, closed: receipt.closed.length };
      },
      explain,
      { launcher },
    );
    const told = explain ? ['ERR_DISABLENETWORK_DENIED', true, 'close'] : ['ECONNRESET', false, 'close'];
    const names = ['plain', 'encrypted', 'request', 'session'];
    expect(outcome.seen).toEqual(
      byProvider({
        lsm: Object.fromEntries(names.map((name) => [name, []])),
        landlock: Object.fromEntries(names.map((name) => [name, told])),
      }),
    );
    expect(outcome.destroyed.slice(0, 2)).toEqual(byProvider({ lsm: [false, false], landlock: [true, true] }));
  },
);

it("residuals: 'close' closes datagram sockets, also one that keeps no process alive", async () => {
  const outcome = await runInChild(
    async ({ library, dgram, events, attempt, timers }) => {
      const sockets = [dgram.createSocket('udp4'), dgram.createSocket('udp6').unref()];
      const seen: string[] = [];
      for (const socket of sockets) {
        socket
          .bind(0)
          .on('close', () => seen.push('close'))
          .on('error', (error) => seen.push(String(error)));
        await events.once(socket, 'listening');
      }
      const send = async (index: number): Promise<string> =>
        attempt(
          async () =>
            new Promise<void>((resolve, reject) => {
              const to = index === 0 ? '127.0.0.1' : '::1';
              sockets[index]?.send('x', 9, to, (error) => (error === null ? resolve() : reject(error)));
            }),
        );
      const before = [await send(0), await send(1)];
      const remedies = library.planDisableNetwork().residuals.map(({ remedy }) => remedy.split(' (')[0]);
      const closed = library.disableNetwork({ residuals: 'close' }).closed.map(({ owner }) => owner);
      const after = [await send(0), await send(1)];
      await timers.setTimeout(50);
      return { before, remedies, closed, after, seen };
    },
    null,
    { launcher },
  );
  const advice = expect.stringMatching(/^Call close\(\) of the dgram\.Socket on (0\.0\.0\.0|\[::\]):\d+$/) as string;
  expect(outcome).toEqual({
    before: ['ok', 'ok'],
    ...byProvider<object>({
      lsm: { remedies: [], closed: [], after: ['ERR_DISABLENETWORK_DENIED', 'ERR_DISABLENETWORK_DENIED'], seen: [] },
      landlock: {
        remedies: [advice, advice],
        closed: ['dgram.Socket', 'dgram.Socket'],
        after: ['ERR_SOCKET_DGRAM_NOT_RUNNING', 'ERR_SOCKET_DGRAM_NOT_RUNNING'],
        seen: ['close', 'close'],
      },
    }),
  });
});

it('a server of another thread is dead, and that thread is told so', async () => {
  const outcome = await runInChild(async ({ library, workers, events, paths, tryConnect }) => {
    const code = `
        const { parentPort, workerData } = require('node:worker_threads');
        const library = require(workerData);
        const server = require('node:net').createServer((socket) => socket.end()).listen(0, '127.0.0.1', () => {
          parentPort.postMessage(server.address().port);
        });
        parentPort.on('message', () => {
          library.disableNetwork();
          try { server.address(); } catch (error) { parentPort.postMessage([error.code, error.systemCode, library.isNetworkDisabledError(error)]); }
          server.close(() => process.exit());
        });`;
    const worker = new workers.Worker(code, { eval: true, workerData: paths.library });
    const [port] = (await events.once(worker, 'message')) as [number];
    const before = await tryConnect(port);
    const { closed } = library.disableNetwork({ listeners: 'close' });
    worker.postMessage(null);
    const [told] = (await events.once(worker, 'message')) as [unknown[]];
    const [code2] = (await events.once(worker, 'exit')) as [number];
    return { before, owners: closed.map(({ owner }) => owner), told, code: code2 };
  }, null);
  expect(outcome).toEqual({
    before: 'ok',
    owners: [null],
    told: ['ERR_DISABLENETWORK_DENIED', 'ENOTSOCK', true],
    code: 0,
  });
});

it('a query of c-ares that is under way ends, and says why', async () => {
  const outcome = await runInChild(
    async ({ library, dgram, dns, events, timers }) => {
      const silent = dgram.createSocket('udp4').bind(0, '127.0.0.1');
      await events.once(silent, 'listening');
      const server = `127.0.0.1:${String(silent.address().port)}`;
      dns.setServers([server]);
      dns.promises.setServers([server]);
      const asked = [
        events.once(silent, 'message'),
        dns.promises.resolve4('a.example').catch((error: unknown) => error),
      ];
      const called = new Promise((resolve) => {
        dns.resolve4('b.example', resolve);
      });
      await asked[0];
      await timers.setTimeout(100);
      const wait = library
        .planDisableNetwork()
        .residuals.filter(({ remedy }) => remedy.startsWith('Wait for the DNS query to'));
      library.disableNetwork({ residuals: 'close' });
      const errors = (await Promise.all([asked[1], called])) as NodeJS.ErrnoException[];
      return { wait: wait.length, errors: errors.map((error) => [error.code, library.isNetworkDisabledError(error)]) };
    },
    null,
    { launcher },
  );
  const told = ['ERR_DISABLENETWORK_DENIED', true];
  if (byProvider({ lsm: false, landlock: true })) expect(outcome).toEqual({ wait: 2, errors: [told, told] });
  else expect(outcome.wait).toBe(0);
});

it('in a cluster that shares its listener, the others go on accepting', async () => {
  const outcome = await runInChild(async ({ childProcess, fs, os, path, paths, net, timers }) => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cluster-'));
    const file = path.join(folder, 'cluster.cjs');
    fs.writeFileSync(
      file,
      `const cluster = require('node:cluster');
      cluster.schedulingPolicy = cluster.SCHED_NONE;
      if (cluster.isPrimary) {
        let ready = 0;
        const workers = [cluster.fork(), cluster.fork()];
        for (const worker of workers) {
          worker.on('listening', ({ port }) => ++ready === 2 && process.send({ port }));
          worker.on('message', (message) => process.send(message));
        }
        process.on('message', () => workers[0].send('drop'));
      } else {
        const server = require('node:net').createServer((socket) => socket.end(String(cluster.worker.id)));
        server.listen(0, '127.0.0.1');
        process.on('message', () => {
          const { closed } = require('${paths.library}').disableNetwork({ listeners: 'close' });
          process.send({ listening: server.listening, closed: closed.map(({ owner }) => owner) });
        });
      }`,
    );
    const primary = childProcess.fork(file, { detached: true });
    const next = async (): Promise<Record<string, unknown>> =>
      new Promise((resolve) => primary.once('message', (message) => resolve(message as Record<string, unknown>)));
    const { port } = await next();
    const ask = async (): Promise<string> =>
      new Promise((resolve) => {
        let text = '';
        net
          .connect(Number(port), '127.0.0.1')
          .on('data', (data) => (text += String(data)))
          .on('error', (error) => resolve(String(error)))
          .on('close', () => resolve(text));
      });
    const before = new Set<string>();
    for (let count = 0; count < 200 && before.size < 2; count += 1) {
      for (const text of await Promise.all(Array.from({ length: 8 }, ask))) before.add(text);
    }
    const answer = next();
    primary.send('drop');
    const dropped = await answer;
    await timers.setTimeout(100);
    const after = new Set<string>();
    for (let count = 0; count < 20; count += 1) after.add(await ask());
    if (primary.pid !== undefined) process.kill(-primary.pid, 'SIGKILL');
    fs.rmSync(folder, { recursive: true });
    return { before: before.size, dropped, after: [...after] };
  }, null);
  expect(outcome).toEqual({ before: 2, dropped: { listening: false, closed: ['net.Server'] }, after: ['2'] });
});
