// SPDX-License-Identifier: MIT
import { printable, renderTable } from '../../lib/command-line/text';
import { countOutcomes, type Suite } from './outcome';

/** The table at the end of a run, below it each failure and each skipped test with its reason. */
export function renderSummary(suites: readonly Suite[]): string {
  const rows = suites.map((suite) => {
    const { passed, failed, skipped } = countOutcomes([suite]);
    const seconds = suite.seconds === 0 ? '' : suite.seconds.toFixed(1);
    return [failed === 0 ? 'ok' : 'FAILED', suite.name, String(passed), String(failed), String(skipped), seconds];
  });
  const { passed, failed, skipped } = countOutcomes(suites);
  const table = renderTable([
    ['', 'SUITE', 'PASSED', 'FAILED', 'SKIPPED', 'SECONDS'],
    ...rows,
    ['', 'all', String(passed), String(failed), String(skipped), ''],
  ]);
  return `${table}${listCases(suites, 'failed', 'FAILED')}${listCases(suites, 'skipped', 'skipped')}`;
}

const mostLines = 12;

function listCases(suites: readonly Suite[], outcome: 'failed' | 'skipped', title: string): string {
  return suites
    .flatMap(({ cases }) => cases)
    .filter((test) => test.outcome === outcome)
    .map(({ suite, name, message }) => {
      const lines = message.split('\n');
      const shown = lines.slice(-mostLines).map((line) => `    ${printable(line)}\n`);
      return `${title}: ${suite}: ${printable(name)}\n${message === '' ? '' : shown.join('')}`;
    })
    .join('');
}
