// SPDX-License-Identifier: MIT
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { scanLog } from '../../../../vm/guest/log-scan';
import { faultPrograms, judgeFaults } from '../../../../vm/verdict/planted-faults';
import { plantedContent, plantFaults } from '../../../../vm/kernel/plant-faults';

const reports = {
  DEBUG_ATOMIC_SLEEP: 'BUG: sleeping function called from invalid context at drivers/misc/planted-faults.c:76',
  lockdep: 'WARNING: possible circular locking dependency detected',
  UBSAN: 'UBSAN: array-index-out-of-bounds in drivers/misc/planted-faults.c:61:2',
  DEBUG_LIST: 'list_add double add: new=ffff, prev=ffff, next=ffff.',
  KASAN: 'BUG: KASAN: slab-use-after-free in plant_use_after_free+0x5/0x6',
};
const failed = (sanitizer: 'kasan' | 'kcsan', log: string) =>
  judgeFaults(sanitizer, log)
    .cases.filter(({ outcome }) => outcome === 'failed')
    .map(({ name }) => name);

it('believes a sanitizer that reports every fault', () => {
  expect(failed('kasan', Object.values(reports).join('\n'))).toEqual([]);
  expect(failed('kcsan', 'BUG: KCSAN: data-race in plant_race / plant_race')).toEqual([]);
});

it.each(Object.keys(reports))('misses the report of %s', (checker) => {
  const log = Object.entries(reports).filter(([name]) => name !== checker);
  expect(failed('kasan', log.map(([, text]) => text).join('\n'))).toEqual([checker]);
});

it('does not take the report of another race', () => {
  expect(failed('kcsan', 'BUG: KCSAN: data-race in do_exit / wait_consider_task')).toEqual(['KCSAN']);
  expect(judgeFaults('kcsan', '').cases[0]?.message).toContain('the sanitizer is not alive: KCSAN did not report');
});

it('would fail a run for each of these reports', () => {
  const warned = { ...reports, DEBUG_LIST: `${reports.DEBUG_LIST}\nWARNING: CPU: 0 PID: 1 at lib/list_debug.c:35` };
  for (const text of Object.values(warned)) expect(scanLog(text)).toHaveLength(1);
  expect(scanLog('BUG: KCSAN: data-race in a / b')).toMatchObject([{ kind: 'kcsan' }]);
});

it('asks for faults that the planted file knows', () => {
  const known = [...plantedContent('kasan').matchAll(/\{ "([a-z-]+)", plant/g)].map(([, word]) => word);
  const scripts = [...faultPrograms('kasan'), ...faultPrograms('kcsan')].map(({ command }) => command.join(' '));
  const asked = scripts.flatMap((script) => [...script.matchAll(/echo ([a-z-]+) /g)].map(([, word]) => word));
  expect(new Set(asked)).toEqual(new Set(known));
});

it('plants in the copy of a tree, and says when it cannot', () => {
  const tree = mkdtempSync(path.join(tmpdir(), 'dn-plant-'));
  expect(() => {
    plantFaults(tree);
  }).toThrow('the tree has no drivers/misc/Makefile');
  mkdirSync(path.join(tree, 'drivers/misc'), { recursive: true });
  writeFileSync(path.join(tree, 'drivers/misc/Makefile'), '# end');
  plantFaults(tree);
  expect(readFileSync(path.join(tree, 'drivers/misc/Makefile'), 'utf8')).toBe('# end\nobj-y += planted-faults.o\n');
  expect(readFileSync(path.join(tree, 'drivers/misc/planted-faults.c'), 'utf8')).toBe(plantedContent('kcsan'));
  rmSync(tree, { recursive: true });
});
