// SPDX-License-Identifier: MIT
import { printable, renderTable } from '../../lib/command-line/text';
import type { Coverage } from './coverage';

/** The table of the files, below it each line that is not reached whole, and why. */
export function renderCoverage({ files }: Coverage): string {
  const share = (reached: number, all: number): string => `${reached}/${all}`;
  const rows = files.map(({ file, unreached, ...counts }) => [
    '',
    file,
    share(counts.linesReached, counts.lines),
    share(counts.branchesReached, counts.branches),
    String(unreached.filter(({ reason }) => reason !== null).length),
    String(unreached.filter(({ reason }) => reason === null).length),
  ]);
  const sum = (pick: (file: Coverage['files'][number]) => number): number =>
    files.reduce((total, file) => total + pick(file), 0);
  const total = [
    '',
    'all',
    share(
      sum(({ linesReached }) => linesReached),
      sum(({ lines }) => lines),
    ),
    share(
      sum(({ branchesReached }) => branchesReached),
      sum(({ branches }) => branches),
    ),
    String(sum(({ unreached }) => unreached.filter(({ reason }) => reason !== null).length)),
    String(sum(({ unreached }) => unreached.filter(({ reason }) => reason === null).length)),
  ];
  const details = files.flatMap(({ file, unreached }) =>
    unreached.map(
      ({ number, text, what, reason }) =>
        `${file}:${number}: ${what}: ${printable(text)}\n    ${reason ?? 'NOT EXPLAINED'}\n`,
    ),
  );
  const head = ['', 'COVERAGE', 'LINES', 'BRANCHES', 'EXPLAINED', 'UNEXPLAINED'];
  return renderTable([head, ...rows, total]) + details.join('');
}
