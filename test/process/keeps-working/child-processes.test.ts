// SPDX-License-Identifier: MIT
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { runInChild, startInChild } from '../../support/child';
import { temporaryFolder } from '../../support/folders';
import { connect, exchange, startEchoServer, type EchoServer } from '../../support/network';
import { refusal } from '../../support/refusal';

jest.setTimeout(120_000);

let folder: ReturnType<typeof temporaryFolder>;
let server: EchoServer;
beforeAll(async () => {
  folder = temporaryFolder();
  server = await startEchoServer();
});
afterAll(() => {
  server.close();
  folder.remove();
});

function program(name: string, text: string): string {
  const path = join(folder.path, name);
  writeFileSync(path, text);
  return path;
}

it('spawn, exec and fork with pipes and IPC work as before; the children have no network either', async () => {
  const file = program(
    'forked.js',
    `process.on('message', (port) => {
      const socket = require('node:net').connect({ port, host: '127.0.0.1' });
      socket.once('connect', () => { process.send('connected'); socket.destroy(); });
      socket.once('error', (error) => process.send(error.code));
    });`,
  );
  const result = await runInChild(
    async ({ childProcess, events, exchange: swap, library, stream }, input) => {
      const round = async (): Promise<unknown[]> => {
        const cat = childProcess.spawn('cat');
        await swap(stream.Duplex.from({ writable: cat.stdin, readable: cat.stdout }), input.size);
        const output = childProcess.execFileSync('sort', ['-r'], { input: 'a\nc\nb\n', encoding: 'utf8' });
        const forked = childProcess.fork(input.file);
        forked.send(input.port);
        const [answer] = (await events.once(forked, 'message')) as [string];
        const exit = events.once(forked, 'exit');
        forked.disconnect();
        return [output, answer, await exit];
      };
      const before = await round();
      library.disableNetwork();
      return { before, after: await round() };
    },
    { file, port: server.port, size: 1024 * 1024 },
  );
  expect(result.before).toEqual(['c\nb\na\n', 'connected', [0, null]]);
  // The child knows nothing of this package, so it sees the kernel's answer.
  expect(result.after).toEqual(['c\nb\na\n', 'EPERM', [0, null]]);
});

it('a child that was forked before goes on talking, and takes over a connection', async () => {
  const file = program(
    'keeper.js',
    `process.on('message', (message, socket) => {
      if (socket) { socket.pipe(socket); process.send('echoing'); } else process.send(message + 1);
    });`,
  );
  const child = startInChild(async ({ childProcess, events, library, listen, net, next, report }, path) => {
    const keeper = childProcess.fork(path);
    const ask = async (message: unknown, socket?: import('node:net').Socket): Promise<unknown> => {
      const answer = events.once(keeper, 'message');
      keeper.send(message as object, socket);
      return ((await answer) as unknown[])[0];
    };
    const listener = net.createServer({ pauseOnConnect: true });
    const port = await listen(listener);
    const answers = [await ask(1)];
    library.disableNetwork();
    answers.push(await ask(2));
    report(port);
    const [socket] = (await events.once(listener, 'connection')) as [import('node:net').Socket];
    answers.push(await ask('take it', socket));
    await next();
    keeper.kill();
    return answers;
  }, file);
  const stream = await connect(await child.report<number>());
  await exchange(stream, 1024 * 1024);
  child.send('end');
  await once(stream, 'close');
  expect(await child.result).toEqual([2, 3, 'echoing']);
});

it("a cluster's primary goes on handing out connections, to new workers too", async () => {
  const file = program(
    'cluster-worker.js',
    `require('node:net')
      .createServer((socket) => {
        socket.on('error', () => socket.destroy());
        socket.write(process.pid + '\\n');
        socket.pipe(socket);
      })
      .listen(0, '127.0.0.1');`,
  );
  const child = startInChild(async ({ cluster, events, library, next, report, tryConnect }, exec) => {
    cluster.setupPrimary({ exec });
    const start = async (): Promise<[import('node:cluster').Worker, number]> => {
      const worker = cluster.fork();
      const [address] = (await events.once(worker, 'listening')) as [{ port: number }];
      return [worker, address.port];
    };
    const [first, port] = await start();
    report([first.process.pid, port]);
    await next();
    const before = await tryConnect(port);
    library.disableNetwork();
    report([before, await tryConnect(port)]);
    await next();
    const [second] = await start();
    const exit = events.once(first, 'exit');
    first.disconnect();
    await exit;
    report(second.process.pid);
    await next();
    second.process.kill();
  }, file);
  /** Connects, and answers the pid of the worker that greets. */
  const greet = async (port: number): Promise<number> => {
    const stream = await connect(port);
    const [greeting] = (await once(stream, 'data')) as [Buffer];
    await exchange(stream, 1024 * 1024);
    stream.destroy();
    return Number(greeting.toString());
  };
  const [pid, port] = await child.report<[number, number]>();
  expect(await greet(port)).toBe(pid);
  child.send('drop');
  expect(await child.report()).toEqual(['ok', refusal]);
  expect(await greet(port)).toBe(pid);
  child.send('replace the worker');
  const successor = await child.report<number>();
  expect(successor).not.toBe(pid);
  expect(await greet(port)).toBe(successor);
  child.send('end');
  await child.result;
});
