// SPDX-License-Identifier: MIT
// The result as a page for people.
import { describeBroken, type MemoryCost, type OperationCost } from './judge';
import type { Bar } from './operations';
import type { CostReport } from './run';

const headings = ['Operation', 'Unpatched', 'LSM off', 'LSM on', 'Difference', 'Bar', ''];

export function renderMarkdown(report: CostReport): string {
  const groups = [...new Set(report.operations.map(({ group }) => group))];
  return [
    '<!-- SPDX-License-Identifier: MIT -->\n',
    '# What the LSM costs who does not use it\n',
    'Made by `npm test -- cost`, which with `--raw FOLDER` writes all counts and a picture too. Instructions of the guest, kernel included, from the system call to its ' +
      'return, in a process without restrictions; the difference is between LSM on and LSM off in one image. ' +
      'Between two images the layout of code and data differs as well, so the unpatched one is only shown.\n',
    ...groups.map((group) =>
      renderGroup(
        group,
        report.operations.filter((operation) => operation.group === group),
      ),
    ),
    `## Memory\n\n${renderMemory(report.memory)}`,
    `## How it was measured\n\n${renderFacts(report)}`,
    `## Verdict\n\n${renderVerdict(report)}`,
  ].join('\n');
}

function renderGroup(group: string, costs: readonly OperationCost[]): string {
  return `## ${group}\n\n${renderRows(headings, costs.map(describeCost))}`;
}

function describeCost({ title, instructions, difference, percent, bar, kept }: OperationCost): readonly string[] {
  const { unpatched, off, on } = instructions;
  const relative = Math.abs(percent) < 0.005 ? '0' : percent.toFixed(2);
  return [
    title,
    ...[unpatched, off, on].map(groupDigits),
    `${signed(difference)} (${relative} %)`,
    describeBar(bar),
    kept === null ? '' : kept ? 'kept' : '**broken**',
  ];
}

export const signed = (value: number): string => (value > 0 ? `+${groupDigits(value)}` : groupDigits(value));

const groupDigits = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 0 });

function describeBar(bar: Bar | null): string {
  if (bar === null) return 'none';
  return bar.kind === 'percent' ? `below ${bar.below} %` : bar.most === 0 ? '0' : `at most ${bar.most}`;
}

function renderMemory(memory: readonly MemoryCost[]): string {
  return renderRows(
    ['Bytes of slab memory for', 'Unpatched', 'LSM off', 'LSM on', 'Difference'],
    memory.map(({ title, bytes, difference }) => [
      title,
      ...[bytes.unpatched, bytes.off, bytes.on].map(groupDigits),
      signed(Math.round(difference)),
    ]),
  );
}

function renderFacts({ kernel, compiler, emulator, boots, configurations, memory }: CostReport): string {
  const { unpatched, on } = configurations;
  const many = memory.map(({ number }) => number).join(' and ');
  return (
    [
      `- Kernel ${kernel}, compiled by ${compiler}.`,
      `- Configurations, by SHA-256: unpatched \`${unpatched.config.slice(0, 16)}\`, patched \`${on.config.slice(0, 16)}\`.`,
      `- Security modules in force when on: ${on.modules.join(', ')}; when off the same without disablenetwork.`,
      '- With the LSM on, another process had given up its network before, so that nothing is cheap for lack of users.',
      `- ${emulator}, \`-icount shift=0,sleep=off\`, one processor: the time stamp counter counts instructions.`,
      `- Each was booted ${boots} times. System calls: the number that came most often, but for connect on TCP and sendto to a Unix datagram socket the smallest; processes and threads: the median.`,
      `- Memory: what the slab allocator took in all while ${many} of them existed, divided by their number. It ` +
        'comes in whole pages, so the last few bytes of a difference are chance.',
      '- A write on a socket is a send for the kernel, so it stands with the socket operations.',
      '- What the kernel does later, as freeing a task after RCU has allowed it, is not in the count of a process.',
    ].join('\n') + '\n'
  );
}

function renderVerdict(report: CostReport): string {
  const broken = describeBroken(report);
  if (broken.length === 0) return 'Every bar is kept.\n';
  return broken.map((line) => `- ${line}\n`).join('');
}

function renderRows(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows];
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => (row[column] ?? '').length)));
  // The first column is text, the others are numbers.
  const pad = (row: readonly string[]): readonly string[] =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)));
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [head, rule, ...rows].map((row) => `| ${pad(row).join(' | ')} |\n`).join('');
}
