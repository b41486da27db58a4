// SPDX-License-Identifier: MIT
// Every row of the corpus, with the file that it is in.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { repository } from '../support/folders';
import { expectedVerdict } from './expected';
import { fingerprintOf } from './fingerprint';
import type { ProgramRow } from './programs/row';
import type { Row } from './row';

export interface LocatedRow<AnyRow = Row | ProgramRow> {
  readonly row: AnyRow;
  /** From the top of the repository. */
  readonly source: string;
  /** Those in which it has to have run before the page of guarantees is whole. */
  readonly environments: readonly string[];
  readonly fingerprintIn: (environment: string) => string;
}

/** Those of each way to the network. */
export const ways = (): LocatedRow<Row>[] =>
  rowsIn<Row>('test/corpus/rows', ['landlock-6', 'landlock-7', 'lsm-6.1', 'lsm-6.12', 'seccomp', 'seccomp-6.1']);

/** Those with real programs. Their work calls what else is in the file, so that its text counts as well. */
export const programs = (): LocatedRow<ProgramRow>[] =>
  rowsIn<ProgramRow>('test/corpus/programs/rows', ['landlock-7', 'lsm-6.12', 'seccomp'], (source) => ({
    file: readFileSync(join(repository, source), 'utf8'),
  }));

/** The names under which files of ways hand out their rows. */
export const listsOfWays = (): string[] =>
  readdirSync(join(repository, 'test/corpus/rows')).flatMap((file) =>
    Object.keys(load<Row>(`test/corpus/rows/${file}`)),
  );

/** In the order of their ids. */
function rowsIn<AnyRow extends Row | ProgramRow>(
  folder: string,
  environments: readonly string[],
  more: (source: string) => object = () => ({}),
): LocatedRow<AnyRow>[] {
  const located = readdirSync(join(repository, folder)).flatMap((file) => {
    const source = `${folder}/${file}`;
    const extra = more(source);
    const rows = Object.values(load<AnyRow>(source)).flat();
    return rows.map((row) => ({
      row,
      source,
      environments,
      fingerprintIn: (environment: string) => fingerprintOf({ ...row, ...extra }, expectedVerdict(environment, row.id)),
    }));
  });
  return located.sort((one, other) => (one.row.id < other.row.id ? -1 : 1));
}

const load = <AnyRow>(source: string): Record<string, AnyRow[]> =>
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- jest compiles what is required alone.
  require(join(repository, source)) as Record<string, AnyRow[]>;
