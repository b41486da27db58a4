// SPDX-License-Identifier: MIT
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { scanLog } from '../../../../vm/guest/log-scan';
import { describeRaces, isForeignRace } from '../../../../vm/verdict/races';
import { readFunctions, writeFunctions } from '../../../../vm/kernel/module-functions';

const functions = new Set(['hook_task_prctl', 'disablenetwork_has_route']);
const isForeign = (title: string, known: ReadonlySet<string> | null = functions) =>
  scanLog(`BUG: KCSAN: ${title}`).map((fault) => isForeignRace(fault, known));

it.each([
  'data-race in hook_task_prctl / copy_process',
  'data-race in copy_process / hook_task_prctl',
  'data-race in disablenetwork_has_route+0x1f/0x40',
  'data-race in hook_task_prctl.isra.0 / hook_task_prctl',
])("takes for the module's: %s", (title) => {
  expect(isForeign(title)).toEqual([false]);
});

it.each(['data-race in do_exit / wait_consider_task', 'data-race in yama_task_prctl+0x1/0x2'])(
  'takes for a race elsewhere: %s',
  (title) => {
    expect(isForeign(title)).toEqual([true]);
    // Where the module's functions are not known, every report counts.
    expect(isForeign(title, null)).toEqual([false]);
  },
);

it('names every race once, and how often', () => {
  const races = scanLog('BUG: KCSAN: data-race in c / d\n' + 'BUG: KCSAN: data-race in a / b\n'.repeat(2));
  expect(describeRaces(races).split('\n')).toEqual([
    '3 races elsewhere in the kernel, which do not count:',
    '    1 times: BUG: KCSAN: data-race in c / d',
    '    2 times: BUG: KCSAN: data-race in a / b',
  ]);
});

it('lets no other fault be a race elsewhere', () => {
  const faults = scanLog('WARNING: CPU: 0 PID: 1 at kernel/fork.c:1\nBUG: KASAN: slab-use-after-free in a / b');
  expect(faults.map((fault) => isForeignRace(fault, functions))).toEqual([false, false]);
});

it('knows the functions of the objects, also the static ones', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'dn-races-'));
  writeFileSync(
    path.join(folder, 'a.c'),
    'int v; __attribute__((noinline)) static int inner(void) { return v; }\nint outer(void) { return inner() + 1; }\n',
  );
  execFileSync('gcc', ['-c', 'a.c', '-o', 'a.o'], { cwd: folder });
  expect(readFunctions(folder)).toBeNull();
  writeFunctions(folder, folder);
  expect(readFunctions(folder)).toEqual(new Set(['inner', 'outer']));
  expect(readFunctions(null)).toBeNull();
  rmSync(folder, { recursive: true });
});
