// SPDX-License-Identifier: MIT
// C11, C12: programs that would run with more privilege than who executes them. Who could do that could
// make a privileged program misbehave by taking its network away, or have it use the network.
import { row, type Row } from '../row';

const threads: Record<string, string> = {
  'main-thread': 'the main thread',
  'pool-thread': 'a thread of the pool',
  worker: 'a Worker',
  'v8-thread': 'a thread of V8',
  'native-thread': 'a native thread',
  'new-thread': 'a thread made for it',
};

interface State {
  ask: (call: readonly (number | bigint)[]) => Promise<number>;
}

const byThread = Object.entries(threads).map(([name, thread]) =>
  row<State, string>({
    id: `C11.setuid-by-${name}`,
    title: `a setuid program, executed by ${thread}`,
    input: name,
    unprivileged: true,
    grants: 'setuid',
    programs: ['privilege-probe'],
    prepare: async ({ events, paths, syscalls, threadStatuses, workers }, { input }) => {
      if (input === 'worker') {
        const code = `const { parentPort, workerData } = require('node:worker_threads');
          const addon = require(workerData);
          parentPort.on('message', (call) => parentPort.postMessage(addon.syscall(...call)));
          parentPort.postMessage('ready');`;
        const worker = new workers.Worker(code, { eval: true, workerData: paths.syscalls });
        await events.once(worker, 'message');
        return {
          ask: async (call) => {
            const answer = events.once(worker, 'message');
            worker.postMessage(call);
            const [status] = (await answer) as [number];
            await worker.terminate();
            return status;
          },
        };
      }
      type Call = [number, ...(number | bigint)[]];
      const native = new syscalls.NativeThread('library');
      const pool = await syscalls.syscallInPool(4, 39);
      const taken = [process.pid, native.tid, ...pool.map(({ tid }) => tid)];
      const ofV8 = threadStatuses().find(({ tid }) => !taken.includes(tid))?.tid ?? -1;
      const ways: Record<string, (call: Call) => number | Promise<number>> = {
        'main-thread': (call) => syscalls.syscall(...call),
        'pool-thread': async (call) => (await syscalls.syscallInPool(1, ...call))[0]?.result ?? -1,
        'v8-thread': (call) => syscalls.syscallInThread(ofV8, ...call),
        'native-thread': (call) => native.syscall(...call),
        'new-thread': (call) => syscalls.syscallInNewThread(...call),
      };
      return { ask: async (call) => ways[input]?.(call as Call) ?? -1 };
    },
    act: async ({ attack }, { programs }, { ask }) => {
      const { call, alive } = attack.runProgram(programs['privilege-probe'] ?? '');
      const status = await ask(call);
      alive.fill([]);
      return { 0: 'ok', 1: 'no gain' }[status] ?? `status ${String(status)}`;
    },
  }),
);

interface Form {
  title: string;
  grants: 'setuid' | 'capability';
  /** What runs the program. */
  way: 'child' | 'descriptor' | 'shell';
}

const forms: Record<string, Form> = {
  'setuid-by-child': { title: 'a setuid program as a child process', grants: 'setuid', way: 'child' },
  'setuid-by-shell': {
    title: 'a setuid program, started by a shell that is started after',
    grants: 'setuid',
    way: 'shell',
  },
  'setuid-by-descriptor': {
    title: 'a setuid program, executed by a descriptor that was opened before',
    grants: 'setuid',
    way: 'descriptor',
  },
  'capability-by-child': { title: 'a program with file capabilities', grants: 'capability', way: 'child' },
  'capability-by-descriptor': {
    title: 'a program with file capabilities, executed by a descriptor that was opened before',
    grants: 'capability',
    way: 'descriptor',
  },
};

const byWay = Object.entries(forms).map(([name, input]) =>
  row<number, Form>({
    id: `C11.${name}`,
    title: input.title,
    input,
    unprivileged: true,
    grants: input.grants,
    programs: ['privilege-probe'],
    prepare: ({ fs }, { programs }) => fs.openSync(programs['privilege-probe'] ?? '', 'r'),
    act: ({ attack, childProcess, syscalls }, { programs, input: { way } }, fd) => {
      const program = programs['privilege-probe'] ?? '';
      const run = (): number | null => {
        if (way === 'child') return childProcess.spawnSync(program).status;
        if (way === 'shell') return childProcess.spawnSync('bash', ['-c', `"${program}"; exit $?`]).status;
        const { call, alive } = attack.runProgram(`/proc/self/fd/${String(fd)}`);
        const status = syscalls.syscall(...call);
        alive.fill([]);
        return status;
      };
      const status = run();
      return { 0: 'ok', 1: 'no gain' }[status ?? -1] ?? `status ${String(status)}`;
    },
  }),
);

export const privilegeRows: Row[] = [
  ...byThread,
  ...byWay,
  row<State, null>({
    id: 'C11.setuid-in-race',
    title: 'a setuid program, started over and over by a Worker while the drop runs: those after it',
    apart: true,
    unprivileged: true,
    grants: 'setuid',
    programs: ['privilege-probe'],
    prepare: async ({ events, workers }, { programs }) => {
      const flag = new Int32Array(new SharedArrayBuffer(4));
      const code = `const { parentPort, workerData: { flag, probe } } = require('node:worker_threads');
        const { spawnSync } = require('node:child_process');
        const late = [];
        for (let rounds = 0; late.length < 3; rounds++) {
          const isLate = Atomics.load(flag, 0) === 1;
          const { status } = spawnSync(probe);
          if (isLate) late.push(status);
          if (rounds === 0) parentPort.postMessage('running');
        }
        parentPort.postMessage(late);`;
      const workerData = { flag, probe: programs['privilege-probe'] };
      const worker = new workers.Worker(code, { eval: true, workerData });
      await events.once(worker, 'message');
      return {
        ask: async () => {
          const late = events.once(worker, 'message');
          Atomics.store(flag, 0, 1);
          return Math.min(...((await late) as [number[]])[0]);
        },
      };
    },
    act: async (_toolbox, _situation, { ask }) => ({ 0: 'ok', 1: 'no gain' })[await ask([])] ?? 'no answer',
  }),
  row<null, null>({
    id: 'C11.sudo',
    title: 'the sudo of this machine: asks for a password only where it runs as root',
    unprivileged: true,
    act: ({ childProcess }) => {
      const { stderr } = childProcess.spawnSync('sudo', ['-n', 'true'], { encoding: 'utf8' });
      if (/password is required|not in the sudoers/.test(stderr)) return 'ok';
      return /no new privileges|effective uid is not 0|must be owned by uid 0/.test(stderr) ? 'no gain' : stderr.trim();
    },
  }),
  row<null, null>({
    id: 'C11.ping',
    title: 'the ping of this machine, a program with a file capability',
    unprivileged: true,
    // Where /usr is shared with a guest, its files have no capabilities.
    absent: ['EPERM'],
    act: ({ childProcess }) => {
      const { status, stderr } = childProcess.spawnSync('ping', ['-c1', '-W1', '127.0.0.1'], { encoding: 'utf8' });
      return status === 0
        ? 'ok'
        : (/not permitted/.exec(stderr)?.[0] ?? stderr.trim()).replace('not permitted', 'EPERM');
    },
  }),
  row<null, null>({
    id: 'C12.fail-open',
    title: 'a setuid program that keeps its privilege when the network is missing',
    unprivileged: true,
    grants: 'setuid',
    programs: ['fail-open'],
    act: ({ childProcess, freshPath, fs }, { folder, programs }) => {
      // As it is, and made to believe that the network is missing: the branch is real.
      for (const more of [[], ['missing']]) {
        const path = freshPath(folder);
        childProcess.spawnSync(programs['fail-open'] ?? '', [path, ...more]);
        if (fs.existsSync(path) && fs.statSync(path).uid === 0) return 'ok';
      }
      return 'no gain';
    },
  }),
];
