// SPDX-License-Identifier: MIT
// E04, E05: every kind of thread, and threads that come while the drop runs. ../../process/threads has
// the same with all kinds at once, and over many rounds.
import { row, type Row } from '../row';

const kinds: Record<string, string> = {
  'main-thread': 'the main thread',
  'pool-thread': 'a thread of the pool',
  worker: 'a Worker',
  'v8-thread': 'a thread of V8',
  inspector: "the inspector's thread",
  'native-thread': 'a thread of another addon, which blocks all signals that it can',
  'new-thread': 'a thread that is made after',
  'new-worker': 'a Worker that is started after',
};

type Call = [number, ...(number | bigint | null)[]];

interface State {
  fd: number;
  ask: (call: Call) => Promise<number>;
}

const ways = ['socket', 'connect'] as const;

const byThread = Object.entries(kinds).flatMap(([kind, title]) =>
  ways.map((way) =>
    row<State, { kind: string; way: string }>({
      id: `E04.${way}-by-${kind}`,
      title: way === 'socket' ? `socket() by ${title}` : `connect() on a TCP socket made before, by ${title}`,
      input: { kind, way },
      // What the inspector opens is its own.
      apart: true,
      ...(way === 'connect' ? { wire: true as const } : {}),
      prepare: async (toolbox, { input: { kind: which, way: aim } }) => {
        const { attack, events, inspector, paths, syscalls, threadStatuses, workers } = toolbox;
        const tids = (): number[] => threadStatuses().map(({ tid }) => tid);
        const startWorker = async (): Promise<State['ask']> => {
          const code = `const { parentPort, workerData } = require('node:worker_threads');
            const addon = require(workerData);
            parentPort.on('message', (call) => parentPort.postMessage(addon.syscall(...call)));
            parentPort.postMessage('ready');`;
          const worker = new workers.Worker(code, { eval: true, workerData: paths.syscalls });
          await events.once(worker, 'message');
          return async (call) => {
            const answer = events.once(worker, 'message');
            worker.postMessage(call);
            const [result] = (await answer) as [number];
            await worker.terminate();
            return result;
          };
        };
        const ofV8 = tids().find((tid) => tid !== process.pid) ?? -1;
        const before = tids();
        if (which === 'inspector') inspector.open(0, '127.0.0.1');
        const ofInspector = tids().find((tid) => !before.includes(tid)) ?? -1;
        const native = new syscalls.NativeThread('library');
        const worker = which === 'worker' ? await startWorker() : undefined;
        const fd = aim === 'connect' ? attack.call('socket', 2, 1, 0) : -1;
        const makers: Record<string, State['ask']> = {
          'main-thread': async (call) => Promise.resolve(syscalls.syscall(...call)),
          'pool-thread': async (call) => (await syscalls.syscallInPool(1, ...call))[0]?.result ?? -1,
          'v8-thread': async (call) => Promise.resolve(syscalls.syscallInThread(ofV8, ...call)),
          inspector: async (call) => Promise.resolve(syscalls.syscallInThread(ofInspector, ...call)),
          'native-thread': async (call) => Promise.resolve(native.syscall(...call)),
          'new-thread': async (call) => Promise.resolve(syscalls.syscallInNewThread(...call)),
          'new-worker': async (call) => (await startWorker())(call),
        };
        return { fd, ask: worker ?? makers[which] ?? (async () => Promise.resolve(-1)) };
      },
      act: async ({ attack, inetAddress, AF_INET, SOCK_STREAM }, { tcp, text, input }, { fd, ask }) => {
        if (input.way === 'socket') {
          return attack.outcome(await ask([attack.number.socket, AF_INET, SOCK_STREAM, 0]));
        }
        const address = inetAddress(tcp);
        const connected = await ask([attack.number.connect, fd, attack.addressOf(address), address.length]);
        return connected === 0 ? attack.sendto(fd, text, 0) : attack.outcome(connected);
      },
    }),
  ),
);

export const threadRows: Row[] = [
  ...byThread,
  row<import('../../support/syscall-addon').ThreadChains, null>({
    id: 'E05.chains',
    title: 'socket() by threads that were made while the drop ran, each by the one before',
    apart: true,
    prepare: async ({ syscalls, timers }) => {
      const chains = new syscalls.ThreadChains(4, -1, new Uint8Array(0));
      while (chains.created < 50) await timers.setTimeout(1);
      return chains;
    },
    act: async ({ timers }, _situation, chains) => {
      chains.markDropped();
      const before = chains.triedAfter;
      while (chains.triedAfter < before + 50) await timers.setTimeout(1);
      chains.stop();
      return chains.escaped > 0 ? 'ok' : 'EPERM';
    },
  }),
];
