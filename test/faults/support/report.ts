// SPDX-License-Identifier: MIT
// What a matrix came to: for people, and as data.
import { release } from 'node:os';

import { idOf } from './fault';
import type { Tried } from './matrix';
import type { Verdict } from './verdict';

const outcomes = ['untouched', 'partial', 'receipt', 'not reached', 'neither'] as const;

export interface Row {
  readonly provider: string;
  readonly runtime: string;
  readonly kind: 'system call' | 'thread';
  readonly faults: number;
  readonly outcomes: Readonly<Record<Verdict['outcome'], number>>;
  readonly failed: number;
}

export interface Report {
  readonly kernel: string;
  readonly seconds: number;
  readonly faults: number;
  readonly failed: number;
  /** How many runs had a problem of the kind. */
  readonly problems: Readonly<Record<string, number>>;
  readonly rows: readonly Row[];
  readonly failures: readonly {
    id: string;
    outcome: Verdict['outcome'];
    code: string | null;
    problems: Verdict['problems'];
  }[];
  readonly longestMilliseconds: number;
}

const hasFailed = ({ verdict }: Tried): boolean => verdict.problems.length > 0;

function countBy<Item>(items: readonly Item[], key: (item: Item) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
}

function rowOf(all: readonly Tried[]): Row {
  const [first] = all;
  if (first === undefined) throw new Error('a row without a fault');
  const counts = countBy(all, ({ verdict }) => verdict.outcome);
  const { setting, what } = first.fault;
  return {
    provider: setting.provider,
    runtime: setting.runtime,
    kind: what.kind,
    faults: all.length,
    outcomes: Object.fromEntries(outcomes.map((name) => [name, counts[name] ?? 0])) as Row['outcomes'],
    failed: all.filter(hasFailed).length,
  };
}

export function makeReport(all: readonly Tried[], seconds: number): Report {
  const groups = new Map<string, Tried[]>();
  for (const tried of all) {
    const { setting, what } = tried.fault;
    const key = [setting.provider, setting.runtime, what.kind].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), tried]);
  }
  const failures = all.filter(hasFailed);
  const kinds = failures.flatMap(({ verdict }) => [...new Set(verdict.problems.map(({ kind }) => kind))]);
  return {
    kernel: release(),
    seconds,
    faults: all.length,
    failed: failures.length,
    problems: countBy(kinds, (kind) => kind),
    rows: [...groups].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, group]) => rowOf(group)),
    failures: failures.map(({ fault, verdict }) => ({ id: idOf(fault), ...verdict })),
    longestMilliseconds: Math.max(0, ...all.map(({ milliseconds }) => milliseconds)),
  };
}

export function tableOf({ rows }: Report): string {
  const head = [
    'Provider',
    'Runtime',
    'What',
    'Faults',
    'Nothing changed',
    'PARTIAL',
    'Receipt',
    'Not reached',
    'Failed',
  ];
  const lines = rows.map(({ provider, runtime, kind, faults, outcomes: counts, failed }) => [
    provider,
    runtime,
    kind,
    faults,
    counts.untouched,
    counts.partial,
    counts.receipt,
    counts['not reached'],
    failed,
  ]);
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

export function describeFailure({ fault, verdict }: Tried): string {
  const problems = verdict.problems.map(({ kind, what }) => `    ${kind}: ${what.replaceAll('\n', '\n      ')}`);
  return [`${idOf(fault)}: ${verdict.outcome}${verdict.code === null ? '' : ` (${verdict.code})`}`, ...problems].join(
    '\n',
  );
}
