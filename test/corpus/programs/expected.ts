// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** By id: the verdict in each environment; where one is not `works`, also the reason and the remedy. */
export type Expectation = Readonly<Record<string, string>>;

export const expectations = JSON.parse(readFileSync(join(__dirname, 'expected.json'), 'utf8')) as Readonly<
  Record<string, Expectation>
>;

/** The expectation without what explains it. */
export function verdictsOf(expectation: Expectation): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(expectation).filter(([name]) => name !== 'reason' && name !== 'remedy'));
}
