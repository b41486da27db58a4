// SPDX-License-Identifier: MIT
// Rows that are tried in a batch, several in one process: an emulated kernel takes seconds to start one.
import type { Outside } from '../support/outside';
import type { Environment } from './environments';
import { expectedVerdict } from './expected';
import type { Row } from './row';
import { judge } from './verdict';

/** So few that one that disturbs the others costs little, for all of them are tried alone then. */
const batchSize = 32;

/** Answers what came of a row in its batch; undefined when it has to be tried alone. */
export type BatchVerdict = (row: Row) => Promise<string | undefined>;

/**
 * A row in a batch has the same control, preparation, drop and act as alone, in a process where those of
 * other rows come before and after its own; and the controls of all of them are made in the same order.
 * Its answer only counts when it is the expected one: one row may disturb another.
 */
export function inBatches(rows: readonly Row[], environment: Environment, outside: () => Outside): BatchVerdict {
  const groups = new Map<string, Row[]>();
  for (const row of rows.filter((one) => mayShare(one, expectedVerdict(environment.id, one.id)))) {
    const start = startOf(row);
    groups.set(start, [...(groups.get(start) ?? []), row]);
  }
  const answers = new Map<Row, Promise<readonly string[]>>();
  return async (row) => {
    const group = groups.get(startOf(row)) ?? [];
    const index = group.indexOf(row);
    if (index < 0) return undefined;
    const start = index - (index % batchSize);
    const [first = row, ...others] = group.slice(start, start + batchSize);
    if (others.length === 0) return undefined;
    // A child that died has judged none of them.
    const answer = answers.get(first) ?? judge([first, ...others], environment, outside(), ' batch').catch(() => []);
    answers.set(first, answer);
    return (await answer)[index - start];
  };
}

/** How the process is started, and what the drop is asked for: the same for all who share it. */
const startOf = ({ launcher, unprivileged, options }: Row): string => JSON.stringify([launcher, unprivileged, options]);

/** Rows that have a process of their own. */
const isolated = [
  // There is one inspector in a process, and one cluster of it.
  'E04.socket-by-inspector',
  'F04.cluster',
  // Strict mode names it by no descriptor, so that it could be anybody's.
  'A14.event-loop-index',
  'A14.index',
  'A14.polled-index',
  'A14.polled-mapping',
  'A14.polled-mapping-beside',
  'A14.socket-by-message',
  'B05.inherited',
  'B05.mapped',
  'B05.received',
  // Its time begins when it is prepared.
  'A14.waiting-idle',
  // What the filter says of listen(2) depends on every socket that is open.
  'A05.in-flight-listen',
  'A05.unix-listen',
  // Another has an interface of that name.
  'A17.tap-in-flight',
];

/** What ends the drop for all is isolated too, and what a receipt says because of any listener. */
const mayShare = ({ id, throws, limit }: Row, expected: string): boolean =>
  throws === undefined &&
  limit !== 'accepted-connections' &&
  !expected.endsWith('kept by close') &&
  !isolated.includes(id);
