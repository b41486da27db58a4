// SPDX-License-Identifier: MIT
// Every row of the corpus, with the file that it is in.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Row } from './row';

export interface LocatedRow {
  readonly row: Row;
  /** From the top of the repository. */
  readonly source: string;
}

/** In the order of their ids. */
export function allRows(): LocatedRow[] {
  const located = readdirSync(join(__dirname, 'rows')).flatMap((file) => {
    const rows = Object.values(load(file)).flat();
    return rows.map((row) => ({ row, source: `test/corpus/rows/${file}` }));
  });
  return located.sort((one, other) => (one.row.id < other.row.id ? -1 : 1));
}

// eslint-disable-next-line @typescript-eslint/no-require-imports -- jest compiles what is required alone.
const load = (file: string): Record<string, Row[]> => require(join(__dirname, 'rows', file)) as Record<string, Row[]>;
