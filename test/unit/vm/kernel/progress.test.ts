// SPDX-License-Identifier: MIT
import { countExpected, describeProgress, describeSeconds, ProgressMeter } from '../../../../vm/kernel/progress';

it('counts the objects of a dry run', () => {
  const dryRun =
    'gcc -Wp,-MMD,init/.main.o.d -nostdinc -c -o init/main.o init/main.c  ; ./tools/objtool/objtool init/main.o\n' +
    'rm -f a.o\n  gcc -c -o kernel/fork.o kernel/fork.c ;\nar cDPrST built-in.a main.o\n';
  expect(countExpected(dryRun)).toBe(2);
});

it('tells phase, count and time left', () => {
  let time = 0;
  const meter = new ProgressMeter(100, () => time);
  expect(meter.progress).toEqual({ phase: 'starting', done: 0, expected: 100, secondsLeft: null });
  for (let index = 0; index < 50; index += 1) meter.read(`  CC      kernel/sched/file${String(index)}.o`);
  time = 10_000;
  expect(meter.progress).toEqual({ phase: 'compiling kernel/sched', done: 50, expected: 100, secondsLeft: 10 });
  expect(describeProgress(meter.progress)).toBe('50 of 100 objects, 10 s left, compiling kernel/sched');
});

it('does not take other lines for objects', () => {
  const meter = new ProgressMeter(null, () => 0);
  for (const line of ['  HOSTCC  scripts/x', '  GEN     y', 'make[1]: Entering directory', '  CC_ODD']) {
    expect(meter.read(line)).toBe(false);
  }
  expect(describeProgress(meter.progress)).toBe('0 objects, starting');
});

it('never promises more than it has', () => {
  const meter = new ProgressMeter(1, () => 0);
  meter.read('  CC      a.o');
  meter.read('  AS      b.o');
  expect(meter.progress).toMatchObject({ done: 2, expected: 2 });
  meter.read('  LD      vmlinux');
  expect(meter.progress.phase).toBe('linking');
});

it.each([
  [5, '5 s'],
  [65, '1 min 05 s'],
  [3599.6, '60 min 00 s'],
])('writes %d seconds', (seconds, text) => {
  expect(describeSeconds(seconds)).toBe(text);
});
