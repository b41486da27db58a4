// SPDX-License-Identifier: MIT
// A result of three boots that were never made.
import { parseCounts, type GuestCounts } from '../../../kernel-patch/cost/counts';
import { judgeCosts, type Costs } from '../../../kernel-patch/cost/judge';
import { memories, operations } from '../../../kernel-patch/cost/operations';
import type { CostReport } from '../../../kernel-patch/cost/run';

const einval = -22;

/** Changes what the guest with the LSM on says: other counts, or another answer. */
export interface Change {
  readonly counts?: Readonly<Record<string, string>>;
  readonly restrictions?: number;
  readonly users?: number;
  readonly nops?: number;
}

export function guest(
  more: number,
  { counts = {}, restrictions = 0, users = restrictions === einval ? 0 : 1, nops = 1003 }: Change,
): GuestCounts {
  const cost = ({ bar, name, statistic }: (typeof operations)[number]): string => {
    const extra = bar?.kind === 'instructions' ? Math.min(more, bar.most) : more;
    return `count ${name} ${counts[name] ?? `${(statistic === 'median' ? 40003 : 2003) + extra}*10`}`;
  };
  return parseCounts(
    [
      'count nothing 3*10',
      `count thousand-nops ${nops}*10`,
      `value restrictions ${restrictions}`,
      `value users ${users}`,
      ...operations.map(cost),
      ...memories.flatMap(({ name }) => [`value ${name} 1024`, `value ${name}-kib ${100 + more}`]),
    ].join('\n'),
  );
}

export function costs(on: Change = {}, off: Change = {}, more = 10): Costs {
  return judgeCosts({
    unpatched: guest(0, { restrictions: einval }),
    off: guest(0, { restrictions: einval, ...off }),
    on: guest(more, on),
  });
}

const modules = ['capability', 'landlock', 'yama'];
const config = '0123456789abcdef'.repeat(4);

export function sampleReport(judged: Costs = costs()): CostReport {
  const without = { modules, config };
  return {
    kernel: '6.12.1',
    compiler: 'gcc <12> & co',
    emulator: 'QEMU emulator version 7.2',
    boots: 3,
    configurations: { unpatched: without, off: without, on: { modules: [...modules, 'disablenetwork'], config } },
    ...judged,
  };
}
