// SPDX-License-Identifier: MIT
// The comparison as a table, for the terminal and for results.md.
import { printable, renderTable } from '../../lib/command-line/text';
import type { Suite } from '../../vm/verdict/outcome';
import type { LeftProgram } from './catalogue';
import { isGood, type ProgramVerdict, type RegressionReport } from './judge';

export interface ReportParts extends RegressionReport {
  /** The first boot without the series. */
  readonly suites: readonly Suite[];
  readonly left: readonly LeftProgram[];
  readonly kernel: string;
  /** Seconds of all boots. */
  readonly seconds: number;
}

export function renderReport(parts: ReportParts): string {
  const rows = parts.programs.map((verdict) => [
    verdict.program,
    ...[verdict.counts.passed, verdict.counts.failed, verdict.counts.skipped].map(String),
    describeVerdict(verdict),
  ]);
  return [
    renderTable([['PROGRAM', 'PASSED', 'FAILED', 'SKIPPED', 'WITH THE SERIES'], ...rows]),
    ...differences(parts.programs),
    ...list('FAULT', parts.faults),
    ...list('unstable', unstableOf(parts.programs)),
    ...list('fails on both', failing(parts.suites)),
    ...list('not run', parts.left.map(describeLeft)),
    `${summarize(parts)}\n`,
  ].join('');
}

export function renderMarkdown(parts: ReportParts): string {
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['Tests that fail on both', failing(parts.suites)],
    ['Left out of the comparison', unstableOf(parts.programs)],
    ['Not run', parts.left.map(describeLeft)],
    ['Differences', differences(parts.programs).map((text) => text.trim())],
    ['Faults', parts.faults],
  ];
  const rows = parts.programs.map(
    (verdict) =>
      `| ${verdict.program} | ${verdict.counts.passed} | ${verdict.counts.failed} | ${verdict.counts.skipped} | ${describeVerdict(verdict)} |\n`,
  );
  return [
    "<!-- SPDX-License-Identifier: MIT -->\n\n# The kernel's own selftests, with the series and without\n\n",
    `Made by \`npm test -- regression\`; Linux ${parts.kernel}. ${summarize(parts)}\n\n`,
    '| Program | Passed | Failed | Skipped | With the series |\n| --- | --- | --- | --- | --- |\n',
    ...rows,
    ...sections
      .filter(([, entries]) => entries.length > 0)
      .map(([title, entries]) => `\n## ${title}\n\n${entries.map((text) => `- ${escape(text)}\n`).join('')}`),
  ].join('');
}

const escape = (text: string): string => text.replace(/[|<>*_`]/g, '\\$&');

function describeVerdict({ differences, unstable }: ProgramVerdict): string {
  if (differences.length > 0) return `${differences.length} DIFFER`;
  return unstable.length === 0 ? 'equal' : `equal, ${unstable.length} not compared`;
}

function differences(programs: readonly ProgramVerdict[]): readonly string[] {
  return programs
    .flatMap((verdict) => verdict.differences)
    .map(
      ({ program, test, before, after }) =>
        `DIFFERS: ${program}: ${printable(test)}: ${before} without, ${after} with the series\n`,
    );
}

const unstableOf = (programs: readonly ProgramVerdict[]): readonly string[] =>
  programs.flatMap(({ unstable }) => unstable).map(({ program, test, reason }) => `${program}: ${test}: ${reason}`);

const failing = (suites: readonly Suite[]): readonly string[] =>
  suites
    .flatMap(({ cases }) => cases)
    .filter(({ outcome }) => outcome === 'failed')
    .map(({ suite, name, message }) => `${suite}: ${name}: ${lastLine(message)}`);

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? '';

const describeLeft = ({ program, reason }: LeftProgram): string => `${program}: ${reason}`;

const list = (title: string, entries: readonly string[]): readonly string[] =>
  entries.map((text) => `${title}: ${printable(text)}\n`);

function summarize(parts: ReportParts): string {
  const tests = parts.programs.reduce((sum, { counts }) => sum + counts.passed + counts.failed + counts.skipped, 0);
  const differing = parts.programs.reduce((sum, verdict) => sum + verdict.differences.length, 0);
  const unstable = unstableOf(parts.programs).length;
  const verdict = isGood(parts) ? 'equal' : 'FAILED';
  return (
    `${verdict}: ${parts.programs.length} programs with ${tests} tests, ${differing} differ, ` +
    `${unstable} not compared, ${parts.faults.length} faults, ${parts.left.length} programs not run.`
  );
}
