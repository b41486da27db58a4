// SPDX-License-Identifier: MIT
// Tries rows in an environment, and judges what came of each.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { DisableNetworkOptions } from '../../lib/types';
import { startInChild, type ChildOptions } from '../support/child';
import type { Outside } from '../support/outside';
import { compileProgram } from '../support/programs';
import { timeFactor } from '../support/time';
import { programOf, type Answer, type Try } from './drive';
import type { Environment } from './environments';
import type { Row, Situation } from './row';

/**
 * Tries the rows in one process, for one row alone a process of its own. For each row the answer is one
 * of these texts; what is not among them is a defect of the product and never expected:
 * - `closed (EPERM)`: refused, whatever was open before.
 * - `inventory (udp-socket)`: strict mode refuses and names it; who accepts it has the way open, and
 *   `residuals: 'close'` ends it. With `, kept by close` that option refuses too.
 * - `open (unix-peers)`: open, and the receipt names it with this limit.
 * - `works`, `refused (EPERM)`: of what should go on working.
 * - `throws (ERR_DISABLENETWORK_KERNEL), and has changed nothing`: the drop fails with this error, and
 *   the way is as open as before; or with what closed it instead.
 * - `absent (ENOENT)`: this kernel has no such thing, with the drop or without.
 *
 * `VOID` is no answer: when the control fails, nothing that the row finds means anything.
 *
 * @param mark what tells the texts of a batch from those of a row alone
 */
export async function judge(
  rows: readonly Row[],
  environment: Environment,
  outside: Outside,
  mark = '',
): Promise<string[]> {
  const places = new Map(rows.map((row) => [row, placeOf(row)]));
  try {
    return await judgeIn(places, environment, outside, mark);
  } finally {
    for (const { folder } of places.values()) rmSync(folder, { recursive: true, force: true });
  }
}

async function judgeIn(
  places: ReadonlyMap<Row, Place>,
  environment: Environment,
  outside: Outside,
  mark: string,
): Promise<string[]> {
  const all = [...places.keys()];
  const look = async ({ control, after }: Answer, text: string): Promise<void> => {
    if (control === 'ok') await outside.heard(text.replace(/;$/, ' control;'));
    // What was sent may still be on its way; what was refused is looked at once more when all is done.
    if (after === 'ok') await outside.heard(text);
    else if (after !== null) outside.expectSilence(text);
  };
  const run = async (rows: readonly Row[], parts: Try['parts'], more: DisableNetworkOptions = {}, note = '') => {
    const { tcp, udp } = outside;
    const situations = rows.map((row): Situation => {
      const text = `${environment.id} ${row.id}${mark}${note};`;
      return { tcp, udp, text, ...(places.get(row) as Place), timeFactor, input: row.input ?? null };
    });
    const first = rows[0] as Row;
    const options = { ...first.options, ...more };
    const mayThrow = first.throws === true || options.residuals === 'close';
    const wired = rows.map(({ wire }) => wire === true);
    const input: Try = { situations, options, parts, mayThrow, stay: wired.includes(true) };
    const child = startInChild(programOf(rows), input, childOptions(first, environment));
    if (!input.stay) return child.result;
    for (const [index, answer] of (await child.report<Answer[]>()).entries()) {
      if (wired[index]) await look(answer, situations[index]?.text ?? '');
    }
    child.send('end');
    return child.result;
  };

  // What one row does must not be what another's control leaves behind.
  const apart = all.length > 1 || all[0]?.apart === true;
  const controls = apart ? await run(all, ['control'], {}, ' apart') : undefined;
  const answers = await run(all, apart ? ['drop'] : ['control', 'drop']);
  const findings = all.map((row, index) => {
    const answer = answers[index] as Answer;
    return { row, verdict: verdictOf(row, { ...answer, control: controls?.[index]?.control ?? answer.control }) };
  });
  const named = findings.filter(({ verdict }) => verdict.startsWith('inventory')).map(({ row }) => row);
  if (named.length === 0) return findings.map(({ verdict }) => verdict);
  const closed = await run(named, ['drop'], { residuals: 'close' }, ' closed');
  return findings.map(({ row, verdict }) => {
    const answer = closed[named.indexOf(row)];
    return answer === undefined ? verdict : `${verdict}${afterClosing(answer)}`;
  });
}

/** What the drop makes of a row, whether or not `residuals: 'close'` would end it. */
function verdictOf(row: Row, { control, after, named, limits, thrown }: Answer): string {
  if (control !== null && row.absent?.includes(control)) return `absent (${control})`;
  if (control !== 'ok') return `VOID: without the drop it answers ${String(control)}`;
  if (thrown !== undefined) {
    return `throws (${thrown}), and ${after === 'ok' ? 'has changed nothing' : `it is closed (${String(after)})`}`;
  }
  const list = named.join(', ');
  if (row.kept) return after === 'ok' ? 'works' : `refused (${String(after)})`;
  if (after !== 'ok') return `closed (${String(after)})${list === '' ? '' : `, and named (${list})`}`;
  if (named.length > 0) return `inventory (${list})`;
  return row.limit !== undefined && limits.includes(row.limit) ? `open (${row.limit})` : 'OPEN, and named by nothing';
}

/** What `residuals: 'close'` makes of a way that the inventory has named. */
function afterClosing({ after, thrown }: Answer): string {
  if (thrown === 'ERR_DISABLENETWORK_RESIDUALS') return ', kept by close';
  if (thrown !== undefined) return `, ${thrown} BY CLOSE`;
  return after === 'ok' ? ', OPEN AFTER CLOSE' : '';
}

type Place = Pick<Situation, 'folder' | 'programs'>;

function placeOf(row: Row): Place {
  const folder = mkdtempSync(join(tmpdir(), 'dn-'));
  if (row.unprivileged) chmodSync(folder, 0o777);
  const programs = (row.programs ?? []).map((name) => [name, findProgram(name, folder, row)] as const);
  return { folder, programs: Object.fromEntries(programs) };
}

/** The program, or a copy that grants privilege: the kernel asks the file alone. */
function findProgram(name: string, folder: string, { grants }: Row): string {
  const program = compileProgram(name);
  if (grants === undefined) return program;
  const copy = join(folder, name);
  copyFileSync(program, copy);
  chmodSync(copy, grants === 'setuid' ? 0o4755 : 0o755);
  if (grants === 'capability') execFileSync('/usr/bin/python3', ['-c', setCapability, copy]);
  return copy;
}

// VFS_CAP_REVISION_2 with the effective flag, cap_net_raw (13) and cap_net_admin (12).
const setCapability = `
import os, struct, sys
os.setxattr(sys.argv[1], 'security.capability', struct.pack('<5I', 0x02000001, 0x3000, 0, 0, 0))`;

/** Who takes things away from a kernel has to be root; the child need not be. */
const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

function childOptions({ launcher = [], unprivileged }: Row, { offering }: Environment): ChildOptions {
  return { launcher: [...offering(), ...(unprivileged ? asNobody : []), ...launcher], timeout: 30_000 };
}
