// SPDX-License-Identifier: MIT
// Runs many faults, some at a time.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';

import { type Fault, slowDisturbances } from './fault';
import { startOutside } from './outside';
import { buildParts, copyPackage } from './parts';
import { longestCall, type Place, run } from './run';
import { judge, type Verdict } from './verdict';

export interface Tried {
  readonly fault: Fault;
  readonly verdict: Verdict;
  /** Of the call. */
  readonly milliseconds: number;
}

/** Makes everything that runs need, for as long as the function takes. */
export async function withPlace<Result>(library: string, use: (place: Place) => Promise<Result>): Promise<Result> {
  const copy = mkdtempSync(path.join(tmpdir(), 'dn-faults-'));
  const outside = await startOutside();
  try {
    copyPackage(library, copy);
    return await use({ ...buildParts(), library, copy, outside, limit: longestCall });
  } finally {
    outside.close();
    rmSync(copy, { recursive: true, force: true });
  }
}

export async function tryFault(place: Place, fault: Fault): Promise<Tried> {
  const result = await run(place, fault.setting, fault.what);
  return { fault, verdict: judge(fault.what, result), milliseconds: result.injector.milliseconds };
}

async function inLanes<Item>(items: readonly Item[], lanes: number, use: (item: Item) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await use(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** Who waits for ten seconds leaves the processor to others. */
const slowLanes = 4;

export async function tryAll(
  place: Place,
  faults: readonly Fault[],
  hear: (tried: Tried) => void = () => undefined,
): Promise<Tried[]> {
  const isSlow = ({ what }: Fault) => what.kind === 'thread' && slowDisturbances.includes(what.disturbance);
  const all: Tried[] = [];
  const use = async (fault: Fault): Promise<void> => {
    const tried = await tryFault(place, fault);
    all.push(tried);
    hear(tried);
  };
  await Promise.all([
    inLanes(faults.filter(isSlow), slowLanes, use),
    inLanes(
      faults.filter((fault) => !isSlow(fault)),
      availableParallelism(),
      use,
    ),
  ]);
  return all;
}
