// SPDX-License-Identifier: MIT
import type { GuestReport, ProgramRun } from '../../../../vm/guest/frames';
import { countOutcomes, judgeRun } from '../../../../vm/verdict/outcome';
import type { MachineEnd } from '../../../../vm/guest/machine';
import { renderSummary } from '../../../../vm/verdict/summary';

const program: ProgramRun = { name: 'a', output: '', exitCode: 0, seconds: 1, timedOut: false };
const report: GuestReport = {
  ready: true,
  done: true,
  fatal: null,
  release: '6.12.1',
  lsm: 'capability,yama,disablenetwork',
  programs: [program],
  files: new Map(),
};
const expected = { programs: ['a'], lsm: null, requiredLsm: 'disablenetwork' };

const failures = (changed: Partial<GuestReport>, end: MachineEnd = 'off', wanted = expected) =>
  judgeRun({ ...report, ...changed }, [], end, wanted)
    .flatMap(({ cases }) => cases)
    .filter(({ outcome }) => outcome === 'failed')
    .map(({ suite, name, message }) => `${suite}: ${name}: ${message}`);

const withProgram = (changed: Partial<ProgramRun>) => failures({ programs: [{ ...program, ...changed }] });

it('passes a run in which nothing is wrong', () => {
  expect(failures({})).toEqual([]);
  expect(countOutcomes(judgeRun(report, [], 'off', expected))).toEqual({ passed: 4, failed: 0, skipped: 0 });
});

it.each<[string, Partial<ProgramRun>, string]>([
  ['an exit code', { exitCode: 3 }, 'a: exit code: exit code 3'],
  [
    'a time-out',
    { exitCode: 137, timedOut: true, seconds: 9 },
    'a: ends: it was still running after 9 s and was killed',
  ],
  [
    'an exit code against its report',
    { output: 'TAP version 13\n1..1\nok 1 x\n', exitCode: 1 },
    'a: exit code: exit code 1, and no test that failed',
  ],
  ['a report without tests', { output: 'TAP version 13\n' }, 'a: report: it has no test'],
  ['a failed test', { output: 'TAP version 13\n1..1\nnot ok 1 x\n', exitCode: 1 }, 'a: x: '],
])('fails a program for %s', (_, changed, failure) => {
  expect(withProgram(changed)).toEqual([failure]);
});

it('counts a skip as one', () => {
  const suites = judgeRun({ ...report, programs: [{ ...program, exitCode: 4 }] }, [], 'off', expected);
  expect(countOutcomes(suites)).toMatchObject({ skipped: 1, failed: 0 });
  expect(renderSummary(suites)).toContain('skipped: a: exit code\n    exit code 4\n');
});

it('fails a machine that does not say that it is done', () => {
  expect(failures({ done: false })).toEqual([
    'machine: runs to the end: the machine ended before the guest said that it was done',
  ]);
});

it('fails a machine that says nothing, and each program with it', () => {
  const silent = { ready: false, done: false, lsm: null, programs: [] };
  expect(failures(silent, 'boot-timeout')).toEqual([
    'a: runs: it was never started',
    'machine: boots: the boot hangs: the guest said nothing on the success channel within the time limit. ' +
      "The end of the kernel's log shows how far it came; --keep leaves all of it.",
    'machine: runs to the end: the time limit ended the machine',
  ]);
});

it.each([
  ['capability,yama', null, 'disablenetwork is not among the security modules in force: capability,yama'],
  [null, null, '/sys/kernel/security/lsm cannot be read: is CONFIG_SECURITYFS set?'],
  [
    'capability,disablenetwork,yama',
    ['yama', 'disablenetwork'],
    'the order is capability,disablenetwork,yama, not yama,disablenetwork',
  ],
  [
    'capability,yama,disablenetwork',
    ['yama', 'landlock', 'disablenetwork'],
    'landlock is not among the security modules in force: capability,yama,disablenetwork',
  ],
])('fails the security modules %j where %j is wanted', (lsm, wanted, failure) => {
  expect(failures({ lsm }, 'off', { ...expected, lsm: wanted as never })).toEqual([
    `machine: security modules: ${failure}`,
  ]);
});

it('allows for the places that the kernel gives', () => {
  const wanted = { ...expected, lsm: ['yama', 'disablenetwork', 'lockdown'] as never };
  expect(failures({ lsm: 'lockdown,capability,yama,disablenetwork' }, 'off', wanted)).toEqual([]);
});

it('fails for what the log says', () => {
  const faults = [
    { kind: 'warning', line: 'WARNING: x', test: 'a' },
    { kind: 'lockdep', line: 'WARNING: y', test: null },
  ] as const;
  const suites = judgeRun(report, faults, 'off', expected);
  const failed = suites.flatMap(({ cases }) => cases).filter(({ outcome }) => outcome === 'failed');
  expect(failed.map(({ suite, message }) => [suite, message])).toEqual([
    ['a', 'WARNING: x'],
    ['machine', 'WARNING: y'],
  ]);
});
