// SPDX-License-Identifier: MIT
// C01, C03: tracing a process that has the network, from either side.
import { row, type Row } from '../row';

interface Form {
  request: number;
  title: string;
  /** A child of this process, or a process of the same user that is none. */
  target: 'child' | 'sibling';
  /** Bits above the lower 32 of the pid, which the kernel ignores. */
  highPid?: true;
}

const attach = 16;
const seize = 0x4206;

const forms: Record<string, Form> = {
  'attach-child': { request: attach, target: 'child', title: 'PTRACE_ATTACH to a child from before' },
  'attach-sibling': { request: attach, target: 'sibling', title: 'PTRACE_ATTACH to a process of the same user' },
  'seize-child': { request: seize, target: 'child', title: 'PTRACE_SEIZE of a child from before' },
  'seize-sibling': { request: seize, target: 'sibling', title: 'PTRACE_SEIZE of a process of the same user' },
  'seize-high-half': {
    request: seize,
    target: 'sibling',
    highPid: true,
    title: 'PTRACE_SEIZE with the upper half of the pid set, which the kernel ignores',
  },
};

const beginnings = Object.entries(forms).map(([name, input]) =>
  row<number, Form>({
    id: `C01.${name}`,
    title: input.title,
    input,
    apart: true,
    prepare: ({ childProcess, startSleeper }, { input: { target } }) => {
      if (target === 'child') return startSleeper();
      // The shell ends, and so the sleeping process is no child of this one any more.
      const script = 'sleep 1000 > /dev/null 2>&1 & echo $!';
      return Number(childProcess.execFileSync('bash', ['-c', script], { encoding: 'utf8' }));
    },
    act: ({ attack }, { input: { request, highPid } }, pid) =>
      attack.try('ptrace', request, highPid ? (1n << 32n) | BigInt(pid) : pid, 0, 0),
  }),
);

/** Threads of every kind are tracers of their own. */
const tracerThreads = Object.entries({
  'native-thread': 'a native thread',
  'new-thread': 'a thread made for it',
}).map(([name, thread]) =>
  row<number, string>({
    id: `C01.seize-by-${name}`,
    title: `PTRACE_SEIZE of a child from before, by ${thread}`,
    input: name,
    apart: true,
    prepare: ({ startSleeper }) => startSleeper(),
    act: ({ attack, syscalls }, { input }, pid) => {
      const call = [attack.number.ptrace, 0x4206, pid, 0, 0] as const;
      if (input === 'new-thread') return attack.outcome(syscalls.syscallInNewThread(...call));
      return attack.outcome(new syscalls.NativeThread('library').syscall(...call));
    },
  }),
);

export const tracingRows: Row[] = [
  ...beginnings,
  ...tracerThreads,
  row<number, null>({
    id: 'C01.traced-before',
    title: 'the registers of a child that was traced and stopped before, written',
    apart: true,
    prepare: ({ attack, startSleeper }) => {
      const pid = startSleeper();
      attack.call('ptrace', 0x4206, pid, 0, 0); // PTRACE_SEIZE
      attack.call('ptrace', 0x4207, pid, 0, 0); // PTRACE_INTERRUPT
      attack.call('wait4', pid, null, 0x40000000, null); // __WALL
      return pid;
    },
    act: ({ attack }, _situation, pid) => {
      const registers = Buffer.alloc(512);
      const read = attack.try('ptrace', 12, pid, 0, registers);
      return read === 'ok' ? attack.try('ptrace', 13, pid, 0, registers) : read;
    },
  }),
  row<number, null>({
    id: 'C01.traced-by-thread-before',
    title: 'the registers of a child that another thread traced and stopped before, written by that thread',
    apart: true,
    prepare: ({ attack, startSleeper, syscalls }) => {
      const pid = startSleeper();
      const thread = new syscalls.NativeThread('library');
      thread.syscall(attack.number.ptrace, 0x4206, pid, 0, 0);
      thread.syscall(attack.number.ptrace, 0x4207, pid, 0, 0);
      thread.syscall(attack.number.wait4, pid, null, 0x40000000, null);
      Object.assign(globalThis, { tracer: thread });
      return pid;
    },
    act: ({ attack }, _situation, pid) => {
      const { tracer } = globalThis as unknown as { tracer: import('../../support/syscall-addon').NativeThread };
      const registers = Buffer.alloc(512);
      const tries = [12, 13].map((request) => tracer.syscall(attack.number.ptrace, request, pid, 0, registers));
      return attack.outcome(Math.min(...tries));
    },
  }),
  row<number, null>({
    id: 'C03.traceme',
    title: 'a child from before makes this process its tracer (PTRACE_TRACEME), and is driven by it',
    apart: true,
    prepare: async ({ freshPath, startPeer, fs }, { folder }) => {
      const trigger = freshPath(folder);
      // It asks to be traced when the file is there, and says what came of it in another.
      const script = `
import ctypes, os, sys, time
library = ctypes.CDLL(None, use_errno=True)
print('ready', flush=True)
while not os.path.exists(sys.argv[1]):
    time.sleep(0.005)
library.ptrace(0, 0, 0, 0)
with open(sys.argv[1] + '.new', 'w') as answer:
    answer.write(str(ctypes.get_errno()))
os.rename(sys.argv[1] + '.new', sys.argv[1] + '.answer')
os.kill(os.getpid(), 19)
`;
      const { pid } = await startPeer('/usr/bin/python3', '-c', script, trigger);
      fs.writeFileSync(`${trigger}.pid`, String(pid));
      Object.assign(globalThis, { trigger });
      return pid;
    },
    act: async ({ attack, fs, timers }, _situation, pid) => {
      const { trigger } = globalThis as unknown as { trigger: string };
      fs.writeFileSync(trigger, '');
      while (!fs.existsSync(`${trigger}.answer`)) await timers.setTimeout(2);
      const refused = Number(fs.readFileSync(`${trigger}.answer`, 'utf8'));
      if (refused !== 0) return attack.outcome(-refused);
      // Until the child has stopped, it is no child that can be driven (ESRCH).
      let driven = 'ESRCH';
      for (let tries = 0; driven === 'ESRCH' && tries < 500; tries++) {
        await timers.setTimeout(2);
        driven = attack.try('ptrace', 12, pid, 0, Buffer.alloc(512));
      }
      return driven;
    },
  }),
];
