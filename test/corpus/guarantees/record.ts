// SPDX-License-Identifier: MIT
// docs/guarantees.json: what came of each row when it last ran, in each environment.
import { expectedVerdict } from '../expected';
import type { LocatedRow } from '../all-rows';
import { expectations, verdictsOf } from '../programs/expected';

export interface Result {
  /** `closed`, `inventory`, `open`, `works`, `refused`, `throws`, `breaks` or `absent`. */
  readonly state: string;
  /** The verdict in full, as test/corpus/verdict.ts explains it. */
  readonly verdict: string;
  /** Of the row, as it was when it ran. */
  readonly fingerprint: string;
}

export interface Guarantee {
  readonly id: string;
  readonly title: string;
  /** The file of the row. */
  readonly source: string;
  readonly results: Readonly<Record<string, Result>>;
  /** Of a program that breaks somewhere: why, and what to do instead. */
  readonly reason?: string;
  readonly remedy?: string;
}

export interface Guarantees {
  /** Which kernel each environment ran on. */
  readonly environments: Readonly<Record<string, { readonly kernel: string }>>;
  readonly rows: readonly Guarantee[];
}

/** The full names of the tests that have passed, of one run or several. */
export type PassedTests = readonly string[];

const rowTest = /(\S+) (\S+) \[([0-9a-f]{8})\]: /;
const kernelTest = /(\S+) nothing of what is closed has come in, on Linux ([\d.]+\d)/;

/** A test that has passed is a row that came to what is expected of it. */
export function merge(before: Guarantees, rows: readonly LocatedRow[], passed: PassedTests): Guarantees {
  const environments = { ...before.environments };
  const ran = new Map<string, Result>();
  for (const name of passed) {
    const [, release, kernel] = kernelTest.exec(name) ?? [];
    if (release !== undefined && kernel !== undefined) environments[release] = { kernel };
    const [, environment, id, fingerprint] = rowTest.exec(name) ?? [];
    if (environment === undefined || id === undefined || fingerprint === undefined) continue;
    const verdict = expectedVerdict(environment, id);
    ran.set(`${environment} ${id}`, { state: /^\w+/.exec(verdict)?.[0] ?? '', verdict, fingerprint });
  }
  return {
    environments: sortKeys(environments),
    rows: rows.map(({ row: { id, title }, source }) => {
      const old = before.rows.find((one) => one.id === id)?.results ?? {};
      const results = Object.keys(environments).flatMap((environment) => {
        const result = ran.get(`${environment} ${id}`) ?? old[environment];
        return result === undefined ? [] : [[environment, result] as const];
      });
      const { reason, remedy } = expectations[id] ?? {};
      const why = reason === undefined || remedy === undefined ? {} : { reason, remedy };
      return { id, title, source, results: sortKeys(Object.fromEntries(results)), ...why };
    }),
  };
}

function sortKeys<Value>(object: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(object).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** What is wrong with the record: rows that never ran as they are now, or came to something else. */
export function findStale(
  { rows: recorded }: Guarantees,
  rows: readonly LocatedRow[],
  environments: readonly string[],
): string[] {
  return rows.flatMap(({ row, fingerprint }) => {
    const own = expectations[row.id];
    return (own === undefined ? environments : Object.keys(verdictsOf(own))).flatMap((environment) => {
      const result = recorded.find(({ id }) => id === row.id)?.results[environment];
      if (result === undefined) return [`${row.id} has never run in ${environment}`];
      if (result.fingerprint !== fingerprint) return [`${row.id} has changed since it ran in ${environment}`];
      const expected = expectedVerdict(environment, row.id);
      return result.verdict === expected
        ? []
        : [`${row.id} came to ${result.verdict} in ${environment}, not ${expected}`];
    });
  });
}
