// SPDX-License-Identifier: MIT
// A sanitizer that is silent may be asleep: a kernel that has one gets faults on demand, each of which
// its report must name before the silence of the tests counts.
import type { Sanitizer } from '../kernel/fragments';
import type { GuestProgram } from '../guest/init-script';
import type { TestCase, Suite } from './outcome';

interface PlantedFault {
  /** What is written to the file of the guest, each word by a process of its own at the same time. */
  readonly words: readonly string[];
  readonly checker: string;
  /** What the kernel's log must say then. */
  readonly report: RegExp;
}

// The order counts: after a report of KASAN lockdep says nothing more, and lockdep says one thing only.
const plantedFaults: Readonly<Record<Sanitizer, readonly PlantedFault[]>> = {
  kasan: [
    { words: ['sleep'], checker: 'DEBUG_ATOMIC_SLEEP', report: /BUG: sleeping function called from invalid context/ },
    { words: ['lock-order'], checker: 'lockdep', report: /WARNING: possible circular locking dependency detected/ },
    { words: ['index'], checker: 'UBSAN', report: /UBSAN: array-index-out-of-bounds/ },
    { words: ['list'], checker: 'DEBUG_LIST', report: /list_add double add/ },
    { words: ['use-after-free'], checker: 'KASAN', report: /BUG: KASAN: .*use-after-free in plant/ },
  ],
  kcsan: [{ words: ['race', 'race'], checker: 'KCSAN', report: /BUG: KCSAN: data-race in plant_race/ }],
};

const file = '/sys/kernel/debug/planted-faults';
const limit = 30;

/** Programs that set off each fault, for a machine that goes on after a report. */
export function faultPrograms(sanitizer: Sanitizer): readonly GuestProgram[] {
  return plantedFaults[sanitizer].map(({ words, checker }) => {
    const writes = words.map((word) => `echo ${word} >${file} &`).join(' ');
    return { name: checker, command: ['/busybox/busybox', 'sh', '-c', `${writes} wait`], limit };
  });
}

/** Kernel arguments of that machine. */
export const goOnAfterReports: readonly string[] = ['panic_on_warn=0'];

/** Whether the log of that machine has every report. */
export function judgeFaults(sanitizer: Sanitizer, log: string): Suite {
  const suite = 'sanitizer is alive';
  const cases = plantedFaults[sanitizer].map(({ words, checker, report }): TestCase => {
    const seen = report.test(log);
    const message = `the sanitizer is not alive: ${checker} did not report the planted fault '${words[0] ?? ''}'`;
    return { suite, name: checker, outcome: seen ? 'passed' : 'failed', message: seen ? '' : message };
  });
  return { name: suite, seconds: 0, cases, output: '' };
}
