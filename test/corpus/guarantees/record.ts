// SPDX-License-Identifier: MIT
// docs/guarantees.json: which rows ran in which environment, and came to what is expected of them.
import type { LocatedRow } from '../all-rows';

export interface Guarantees {
  /** Which kernel each environment ran on. */
  readonly environments: Readonly<Record<string, string>>;
  /** By the ids of the row and the environment: the fingerprint of the row as it was when it passed. */
  readonly rows: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The full names of the tests that have passed, of one run or several. */
export type PassedTests = readonly string[];

const rowTest = /(\S+) (\S+) \[([0-9a-f]{8})\]: /;
const kernelTest = /(\S+) nothing of what is closed has come in, on Linux ([\d.]+\d)/;

/** A test that has passed is a row that came to what is expected of it. */
export function merge(before: Guarantees, rows: readonly LocatedRow[], passed: PassedTests): Guarantees {
  const environments = { ...before.environments };
  const ran = new Map(rows.map(({ row: { id } }) => [id, { ...before.rows[id] }]));
  for (const name of passed) {
    const [, release, kernel] = kernelTest.exec(name) ?? [];
    if (release !== undefined && kernel !== undefined) environments[release] = kernel;
    const [, environment, id, fingerprint] = rowTest.exec(name) ?? [];
    if (environment === undefined || id === undefined || fingerprint === undefined) continue;
    const own = ran.get(id);
    if (own !== undefined) own[environment] = fingerprint;
  }
  return { environments, rows: Object.fromEntries(ran) };
}

/** JSON with a line for each row: two runs that differ in one row differ in one line. */
export function write({ environments, rows }: Guarantees): string {
  const lines = (all: object): string =>
    Object.entries(all)
      .map(([key, value]: [string, unknown]) => `    ${JSON.stringify(key)}: ${inLine(value)}`)
      .join(',\n');
  return `{\n  "environments": {\n${lines(sortKeys(environments))}\n  },\n  "rows": {\n${lines(rows)}\n  }\n}\n`;
}

const inLine = (value: unknown): string =>
  JSON.stringify(typeof value === 'object' && value !== null ? sortKeys(value) : value, null, 1).replace(/\n */g, ' ');

const sortKeys = (object: object): object =>
  Object.fromEntries(Object.entries(object).sort(([one], [other]) => (one < other ? -1 : 1)));

/** Whether the row, as it is now, came to what is expected of it now. */
export const hasPassed = (recorded: Guarantees, { row, fingerprintIn }: LocatedRow, environment: string): boolean =>
  recorded.rows[row.id]?.[environment] === fingerprintIn(environment);

/** What has to run again, or for the first time. */
export const findStale = (recorded: Guarantees, rows: readonly LocatedRow[]): string[] =>
  rows.flatMap((located) =>
    located.environments
      .filter((environment) => !hasPassed(recorded, located, environment))
      .map((environment) => {
        const id = located.row.id;
        const ran = recorded.rows[id]?.[environment] !== undefined;
        return ran ? `${id} has changed since it ran in ${environment}` : `${id} has never run in ${environment}`;
      }),
  );
