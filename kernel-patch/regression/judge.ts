// SPDX-License-Identifier: MIT
// Whether the series changes the result of a test that is not about it.
import { countOutcomes, type Suite } from '../../vm/verdict/outcome';
import type { Catalogue, UnstableTest } from './catalogue';
import { compareRuns, type Difference } from './compare';

/** The suites of three boots; the first two are of the same kernel. */
export interface Boots {
  readonly without: readonly Suite[];
  readonly again: readonly Suite[];
  readonly patched: readonly Suite[];
}

export interface ProgramVerdict {
  readonly program: string;
  /** Results on the kernel without the series. */
  readonly counts: ReturnType<typeof countOutcomes>;
  readonly differences: readonly Difference[];
  /** Tests that are left out of the comparison. */
  readonly unstable: readonly UnstableTest[];
}

export interface RegressionReport {
  readonly programs: readonly ProgramVerdict[];
  /** What makes the comparison fail, beside the differences. */
  readonly faults: readonly string[];
}

const machine = 'machine';

export function judgeRegression(boots: Boots, { unstable }: Pick<Catalogue, 'unstable'>): RegressionReport {
  const isUnstable = ({ program, test }: Difference): boolean =>
    unstable.some((known) => known.program === program && known.test === test);
  const differences = compareRuns(boots.without, boots.patched).filter((difference) => !isUnstable(difference));
  const programs = boots.without
    .filter(({ name }) => name !== machine)
    .map((suite) => ({
      program: suite.name,
      counts: countOutcomes([suite]),
      differences: differences.filter(({ program }) => program === suite.name),
      unstable: unstable.filter(({ program }) => program === suite.name),
    }));
  const restless = compareRuns(boots.without, boots.again)
    .filter((difference) => difference.program !== machine && !isUnstable(difference))
    .map(
      ({ program, test, before, after }) =>
        `${program}: ${test}: ${before}, then ${after} without the series: its reason belongs into unstable.json`,
    );
  const useless = programs
    .filter(({ counts }) => counts.passed === 0)
    .map(({ program }) => `${program}: no test passes without the series, so it shows nothing`);
  const faults = [...restless, ...useless, ...findBreaks(boots), ...findUnknown(boots, unstable)];
  return { programs, faults };
}

const bootNames: Readonly<Record<keyof Boots, string>> = {
  without: 'without the series',
  again: 'without the series, second boot',
  patched: 'with the series',
};

/** A machine that failed, and a program that did not come to its end: what they say is not their result. */
function findBreaks(boots: Boots): readonly string[] {
  return (Object.keys(bootNames) as (keyof Boots)[]).flatMap((boot) =>
    boots[boot]
      .flatMap(({ cases }) => cases)
      .filter(({ outcome }) => outcome === 'failed')
      .filter(({ suite, name }) => suite === machine || name === 'ends' || name === 'runs' || /^kernel log/.test(name))
      .map(({ suite, name, message }) => `${bootNames[boot]}: ${suite}: ${name}: ${message}`),
  );
}

/** A name in the list that no test has. */
function findUnknown(boots: Boots, unstable: readonly UnstableTest[]): readonly string[] {
  const all = Object.values(boots).flat() as Suite[];
  const known = new Set(all.flatMap(({ cases }) => cases.map(({ suite, name }) => `${suite}: ${name}`)));
  return unstable
    .map(({ program, test }) => `${program}: ${test}`)
    .filter((name) => !known.has(name.replace(/ #\d+$/, '')))
    .map((name) => `${name}: unstable.json names it, and no test has this name`);
}

export const isGood = ({ programs, faults }: RegressionReport): boolean =>
  programs.length > 0 && faults.length === 0 && programs.every(({ differences }) => differences.length === 0);
