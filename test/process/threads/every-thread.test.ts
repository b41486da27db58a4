// SPDX-License-Identifier: MIT
import { constants } from 'node:os';
import { WebSocket } from 'ws';

import { runInChild, startInChild } from '../../support/child';
import { connect, startEchoServer, type EchoServer } from '../../support/network';
import { refusal } from '../../support/refusal';
import { timeFactor } from '../../support/time';
import { byProvider, oldSocketError, provider, touched, uncovered } from '../support/provider';

jest.setTimeout(180_000);

const { EPERM } = constants.errno;

let server: EchoServer;
beforeAll(async () => {
  server = await startEchoServer();
});
afterAll(() => {
  server.close();
});

/** What one thread got: for socket() a descriptor or -errno, for connect() 0 or -errno. */
interface Attempt {
  tid: number;
  socket: number;
  connect: number;
}

describe('with at least 16 threads of every kind', () => {
  it('each is covered, by /proc and by trying', async () => {
    const result = await runInChild(async (toolbox, port) => {
      const { inspector, library, workers, paths, syscalls, threadStatuses } = toolbox;
      const { SYS, AF_INET, SOCK_STREAM, inetAddress } = toolbox;
      const address = inetAddress(port);
      inspector.open(0, '127.0.0.1');
      const pool = await syscalls.syscallInPool(4, SYS.gettid);
      const natives = (['none', 'library', 'library'] as const).map((kind) => new syscalls.NativeThread(kind));
      const code = `
          const { parentPort, workerData } = require('node:worker_threads');
          const addon = require(workerData);
          parentPort.on('message', (calls) => {
            parentPort.postMessage(calls.map((call) => addon.syscall(...call)));
          });`;
      const ask = async (worker: InstanceType<typeof workers.Worker>, calls: unknown[][]): Promise<number[]> => {
        worker.postMessage(calls);
        return new Promise((resolve) => worker.once('message', resolve));
      };
      const crew = [1, 2, 3].map(() => new workers.Worker(code, { eval: true, workerData: paths.syscalls }));
      const workerTids = await Promise.all(crew.map(async (worker) => (await ask(worker, [[SYS.gettid]]))[0]));

      const open = (): number => syscalls.syscall(SYS.socket, AF_INET, SOCK_STREAM, 0);
      const close = (fd: number): number => (fd >= 0 ? syscalls.syscall(SYS.close, fd) : 0);

      /** In whatever the thread is busy with: socket(), and connect() on a socket made here. */
      const tryByThread = (old: () => number): Attempt[] =>
        threadStatuses().map(({ tid }) => {
          const socket = syscalls.syscallInThread(tid, SYS.socket, AF_INET, SOCK_STREAM, 0);
          close(socket);
          return { tid, socket, connect: syscalls.syscallInThread(tid, SYS.connect, old(), address, 16) };
        });
      /** The same from code that runs in the thread itself: no signal has a part in it. */
      const tryByKind = async (old: () => number): Promise<number[][]> => {
        const socket = [SYS.socket, AF_INET, SOCK_STREAM, 0] as const;
        const connect = (): [number, number, Buffer, number] => [SYS.connect, old(), address, 16];
        const direct = [
          syscalls.syscall,
          syscalls.syscallInNewThread,
          ...natives.map((native) => native.syscall.bind(native)),
        ];
        const answers = direct.map((call) => [call(...socket), call(...connect())]);
        for (const worker of crew) {
          answers.push(await ask(worker, [[...socket], connect()]));
        }
        const inPool = await syscalls.syscallInPool(4, ...socket);
        const connected = await syscalls.syscallInPool(1, ...connect());
        answers.push(...inPool.map(({ result }) => [result, connected[0]?.result ?? 0]));
        answers.forEach(([fd]) => close(fd ?? -1));
        return answers;
      };

      const made: number[] = [];
      const freshSocket = (): number => {
        made.push(open());
        return made.at(-1) ?? -1;
      };
      const before = {
        states: threadStatuses(),
        byThread: tryByThread(freshSocket),
        byKind: await tryByKind(freshSocket),
      };
      made.forEach(close);
      const old = open();
      const receipt = library.disableNetwork();
      const after = {
        states: threadStatuses(),
        byThread: tryByThread(() => old),
        byKind: await tryByKind(() => old),
      };
      const named = [process.pid, ...pool.map(({ tid }) => tid), ...workerTids, ...natives.map(({ tid }) => tid)];
      return { receipt, before, after, named };
    }, server.port);

    const { before, after, named, receipt } = result;
    // 1 main, 4 pool, 3 Workers, 3 native; beside them V8's workers and the inspector's threads.
    expect(new Set(named).size).toBe(11);
    expect(before.states.length).toBeGreaterThanOrEqual(16);
    expect(before.states.map(({ tid }) => tid)).toEqual(expect.arrayContaining(named));

    expect(touched(before.states)).toEqual([]);
    expect(before.byThread.length).toBe(before.states.length);
    expect(before.byThread.every(({ socket, connect }) => socket >= 0 && connect === 0)).toBe(true);
    expect(before.byKind.every(([socket, connect]) => (socket ?? -1) >= 0 && connect === 0)).toBe(true);

    expect(receipt.provider).toBe(provider);
    expect(receipt.threads).toBe(after.states.length);
    expect(after.states.length).toBeGreaterThanOrEqual(16);
    expect(uncovered(after.states)).toEqual([]);
    expect(after.byThread.filter(({ socket, connect }) => socket !== -EPERM || connect !== oldSocketError)).toEqual([]);
    expect(after.byKind).toEqual(before.byKind.map(() => [-EPERM, oldSocketError]));
  });

  it('one drop from a Worker covers them all the same', async () => {
    const result = await runInChild(
      async ({ library, workers, events, paths, syscalls, SYS, AF_INET, SOCK_STREAM, threadStatuses }) => {
        const before = syscalls.syscall(SYS.socket, AF_INET, SOCK_STREAM, 0);
        syscalls.syscall(SYS.close, before);
        const code = `
          const { parentPort, workerData } = require('node:worker_threads');
          const receipt = require(workerData).disableNetwork();
          parentPort.postMessage(receipt.threads);
          parentPort.once('message', () => {});`;
        const worker = new workers.Worker(code, { eval: true, workerData: paths.library });
        const [threads] = (await events.once(worker, 'message')) as [number];
        const after = syscalls.syscall(SYS.socket, AF_INET, SOCK_STREAM, 0);
        return { before, after, threads, disabled: library.isNetworkDisabled(), states: threadStatuses() };
      },
      null,
    );
    expect(result.before).toBeGreaterThanOrEqual(0);
    expect(result.after).toBe(-EPERM);
    expect(result.disabled).toBe(true);
    expect(result.threads).toBe(result.states.length);
    expect(uncovered(result.states)).toEqual([]);
  });
});

it('a thread that waits in the kernel is covered, and its call goes on', async () => {
  const child = startInChild(async (toolbox) => {
    const { library, next, report, syscalls, threadStatuses } = toolbox;
    const { SYS, AF_INET, SOCK_STREAM, inetAddress } = toolbox;
    const listener = syscalls.syscall(SYS.socket, AF_INET, SOCK_STREAM, 0);
    const address = inetAddress(0);
    syscalls.syscall(SYS.bind, listener, address, address.length);
    syscalls.syscall(SYS.listen, listener, 8);
    const length = Buffer.from([16, 0, 0, 0]);
    syscalls.syscall(SYS.getsockname, listener, address, length);
    const thread = new syscalls.NativeThread('library');

    const port = address.readUInt16BE(2);
    thread.begin(SYS.accept, listener, null, null);
    report(port);
    await next();
    const before = thread.finish();
    thread.begin(SYS.accept, listener, null, null);
    library.disableNetwork();
    const states = threadStatuses().filter(({ tid }) => tid === thread.tid);
    report(port);
    await next();
    return { before, after: thread.finish(), states };
  }, null);
  for (const moment of ['before the drop', 'after it']) {
    const socket = await connect(await child.report<number>());
    child.send(moment);
    socket.destroy();
  }
  const { before, after, states } = await child.result;
  expect(before).toBeGreaterThanOrEqual(0);
  expect(after).toBeGreaterThanOrEqual(0);
  expect(states).toHaveLength(1);
  expect(uncovered(states)).toEqual([]);
});

// Landlock's rules have to be set by each thread itself, which takes a signal; the kernel patch's do not.
it('a thread that blocks every signal is covered, or makes the drop fail before it has changed anything', async () => {
  const result = await runInChild(({ library, syscalls, SYS, AF_INET, SOCK_STREAM, threadStatuses }) => {
    const thread = new syscalls.NativeThread('kernel');
    const before = thread.syscall(SYS.socket, AF_INET, SOCK_STREAM, 0);
    thread.syscall(SYS.close, before);
    let failure = { code: 'none', message: '' };
    try {
      library.disableNetwork();
    } catch (error) {
      const { code, message } = error as InstanceType<typeof library.DisableNetworkError>;
      failure = { code, message };
    }
    const socket = thread.syscall(SYS.socket, AF_INET, SOCK_STREAM, 0);
    const disabled = library.isNetworkDisabled();
    const states = threadStatuses();
    if (socket >= 0) thread.syscall(SYS.close, socket);
    // Nothing is left behind that a later call would wait for.
    thread.stop();
    const start = performance.now();
    const residuals = library.planDisableNetwork().residuals.length;
    const later = library.disableNetwork().alreadyDisabled;
    return {
      before,
      failure,
      socket,
      tid: thread.tid,
      disabled,
      states,
      later: { residuals, alreadyDisabled: later },
      milliseconds: performance.now() - start,
    };
  }, null);
  const { before, failure, socket, tid, disabled, states, later, milliseconds } = result;
  expect(before).toBeGreaterThanOrEqual(0);
  expect({ code: failure.code, made: socket >= 0, disabled }).toEqual(
    byProvider({
      lsm: { code: 'none', made: false, disabled: true },
      landlock: { code: 'ERR_DISABLENETWORK_KERNEL', made: true, disabled: false },
    }),
  );
  expect(failure.message.includes(String(tid))).toBe(!disabled);
  expect((disabled ? uncovered : touched)(states)).toEqual([]);
  expect(later).toEqual({ residuals: 0, alreadyDisabled: disabled });
  expect(milliseconds).toBeLessThan(5000 * timeFactor);
});

it('the inspector goes on answering on the connection that it had', async () => {
  const child = startInChild(async ({ inspector, library, next, report, tryConnect }, port) => {
    inspector.open(0, '127.0.0.1');
    report(inspector.url());
    await next();
    const before = await tryConnect(port);
    library.disableNetwork();
    report([before, await tryConnect(port)]);
    await next();
  }, server.port);
  const socket = new WebSocket(await child.report<string>());
  const answers: unknown[] = [];
  let tell: () => void;
  socket.on('message', (data: Buffer) => {
    answers.push((JSON.parse(data.toString()) as { result: { result: { value: unknown } } }).result.result.value);
    tell();
  });
  const evaluate = async (expression: string): Promise<unknown> => {
    const answered = new Promise<void>((resolve) => (tell = resolve));
    socket.send(JSON.stringify({ id: answers.length + 1, method: 'Runtime.evaluate', params: { expression } }));
    await answered;
    return answers.at(-1);
  };
  await new Promise((resolve) => socket.once('open', resolve));
  expect(await evaluate('6 * 7')).toBe(42);
  child.send('drop');
  expect(await child.report()).toEqual(['ok', refusal]);
  expect(await evaluate('"x".repeat(100000).length')).toBe(100_000);
  socket.terminate();
  child.send('end');
  await child.result;
});
