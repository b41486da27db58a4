// SPDX-License-Identifier: MIT
// Two runs of the same tests, test by test.
import type { Suite, TestCase } from '../../vm/verdict/outcome';

export interface Difference {
  readonly program: string;
  readonly test: string;
  readonly before: string;
  readonly after: string;
}

const absent = 'no result';

/** Every test whose result is not the same in both, and every one that has a result in one alone. */
export function compareRuns(before: readonly Suite[], after: readonly Suite[]): readonly Difference[] {
  const names = [...new Set([...before, ...after].map(({ name }) => name))];
  return names.flatMap((name) => {
    const first = resultsOf(before, name);
    const second = resultsOf(after, name);
    return [...new Set([...first.keys(), ...second.keys()])]
      .map((test) => ({
        program: name,
        test,
        before: first.get(test) ?? absent,
        after: second.get(test) ?? absent,
      }))
      .filter((difference) => difference.before !== difference.after);
  });
}

/** What each test answered; a name that comes again has its number behind it. */
function resultsOf(suites: readonly Suite[], name: string): ReadonlyMap<string, string> {
  const results = new Map<string, string>();
  const seen = new Map<string, number>();
  for (const test of suites.filter((suite) => suite.name === name).flatMap(({ cases }) => cases)) {
    const count = (seen.get(test.name) ?? 0) + 1;
    seen.set(test.name, count);
    results.set(count === 1 ? test.name : `${test.name} #${count}`, describe(test));
  }
  return results;
}

/** An exit code is compared as such: two ways to fail are two results. */
function describe({ name, outcome, message }: TestCase): string {
  return name === 'exit code' && outcome === 'failed' ? `${outcome}, ${message}` : outcome;
}
