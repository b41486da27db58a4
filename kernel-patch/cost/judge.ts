// SPDX-License-Identifier: MIT
// The three configurations beside each other, each difference held against its bar.
import { VmError } from '../../vm/errors';
import { median, medianOf, minimum, mode, total, type Counts, type GuestCounts } from './counts';
import { memories, operations, type Bar, type Operation } from './operations';

export const configurations = ['unpatched', 'off', 'on'] as const;
export type Configuration = (typeof configurations)[number];

export interface OperationCost extends Operation {
  /** Instructions, without those of the counting itself. */
  readonly instructions: Readonly<Record<Configuration, number>>;
  /** Share of the repetitions that took exactly this number. */
  readonly share: Readonly<Record<Configuration, number>>;
  /** On against off, in one image. */
  readonly difference: number;
  readonly percent: number;
  /** Null without a bar. */
  readonly kept: boolean | null;
}

export interface MemoryCost {
  readonly title: string;
  /** How many there were at once. */
  readonly number: number;
  /** Bytes of slab memory for each. */
  readonly bytes: Readonly<Record<Configuration, number>>;
  readonly difference: number;
}

export interface Costs {
  readonly operations: readonly OperationCost[];
  readonly memory: readonly MemoryCost[];
  /** What shows that the numbers cannot be trusted; empty when they can. */
  readonly doubts: readonly string[];
}

type Measured = Readonly<Record<Configuration, GuestCounts>>;

export function judgeCosts(measured: Measured): Costs {
  const costs = operations.map((operation) => judgeOperation(operation, measured));
  return {
    operations: costs,
    memory: memories.map(({ name, title }) => judgeMemory(name, title, measured)),
    doubts: [...findDoubts(measured), ...findSilence(costs)],
  };
}

function judgeOperation(operation: Operation, measured: Measured): OperationCost {
  const instructions = perConfiguration((configuration) => {
    const guest = measured[configuration];
    return condense(operation, countsOf(guest, operation.name)) - mode(countsOf(guest, 'nothing'));
  });
  const share = perConfiguration((configuration) => {
    const counts = countsOf(measured[configuration], operation.name);
    return (counts.get(condense(operation, counts)) ?? 0) / total(counts);
  });
  const difference = instructions.on - instructions.off;
  const percent = (100 * difference) / instructions.off;
  return { ...operation, instructions, share, difference, percent, kept: isKept(operation.bar, difference, percent) };
}

const statistics = { mode, median, minimum };

const condense = ({ statistic }: Operation, counts: Counts): number => statistics[statistic](counts);

export function isKept(bar: Bar | null, difference: number, percent: number): boolean | null {
  if (bar === null) return null;
  return bar.kind === 'instructions' ? difference <= bar.most : percent < bar.below;
}

function judgeMemory(name: string, title: string, measured: Measured): MemoryCost {
  const number = medianOf(valuesOf(measured.on, name));
  const bytes = perConfiguration(
    (configuration) => (1024 * medianOf(valuesOf(measured[configuration], `${name}-kib`))) / number,
  );
  return { title, number, bytes, difference: bytes.on - bytes.off };
}

const einval = 22;

/** Whether the counter counts instructions, and whether each machine was what it should be. */
function findDoubts(measured: Measured): readonly string[] {
  return configurations.flatMap((configuration) => {
    const guest = measured[configuration];
    const nops = mode(countsOf(guest, 'thousand-nops')) - mode(countsOf(guest, 'nothing'));
    const answers = valuesOf(guest, 'restrictions');
    const users = valuesOf(guest, 'users');
    const [expected, expectedUsers] = configuration === 'on' ? [0, 1] : [-einval, 0];
    return [
      ...(nops === 1000 ? [] : [`${configuration}: a thousand instructions were counted as ${nops}`]),
      ...(answers.every((answer) => answer === expected)
        ? []
        : [`${configuration}: PR_GET_NETWORK answers ${answers.join(', ')}, not ${expected}`]),
      ...(users.every((number) => number === expectedUsers)
        ? []
        : [`${configuration}: ${users.join(', ')} other processes could give up their network, not ${expectedUsers}`]),
    ];
  });
}

/** A measurement that does not see the hooks at all proves nothing. */
function findSilence(costs: readonly OperationCost[]): readonly string[] {
  const seen = costs.filter(({ bar, difference }) => bar?.kind === 'instructions' && bar.most > 0 && difference > 0);
  return seen.length > 0 ? [] : ['no operation takes longer with the LSM on: the hooks were not reached'];
}

function perConfiguration(measure: (configuration: Configuration) => number): Record<Configuration, number> {
  return { unpatched: measure('unpatched'), off: measure('off'), on: measure('on') };
}

function countsOf({ counts }: GuestCounts, name: string): Counts {
  const found = counts.get(name);
  if (found === undefined) throw new VmError('program', `the counting program did not count ${name}`);
  return found;
}

function valuesOf({ values }: GuestCounts, name: string): readonly number[] {
  const found = values.get(name);
  if (found === undefined) throw new VmError('program', `the counting program did not measure ${name}`);
  return found;
}

/** Each bar that is broken, in words. */
export function describeBroken({ operations: costs, doubts }: Costs): readonly string[] {
  return [
    ...doubts,
    ...costs.filter(({ kept }) => kept === false).map((cost) => `${cost.title}: ${describeDifference(cost)}`),
  ];
}

function describeDifference({ bar, difference, percent }: OperationCost): string {
  return bar?.kind === 'percent'
    ? `${percent.toFixed(2)} % more, and the bar is below ${bar.below} %`
    : `${difference} instructions more, and the bar is ${bar?.most ?? 0}`;
}
