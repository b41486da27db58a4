// SPDX-License-Identifier: MIT
// What every row is expected to come to, in every environment: a file for each, beside this one.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expectations } from './programs/expected';

export type Verdicts = Readonly<Record<string, string>>;

const folder = join(__dirname, 'expected');

export const expected: Readonly<Record<string, Verdicts>> = Object.fromEntries(
  readdirSync(folder).map((file) => [
    file.replace(/\.json$/, ''),
    JSON.parse(readFileSync(join(folder, file), 'utf8')) as Verdicts,
  ]),
);

export const expectedVerdict = (environment: string, id: string): string =>
  expected[environment]?.[id] ?? expectations[id]?.[environment] ?? 'nothing is written down yet';
