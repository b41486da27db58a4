// SPDX-License-Identifier: MIT
// Tries a row in an environment, and judges what came of it.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { DisableNetworkOptions } from '../../lib/types';
import { startInChild, type ChildOptions } from '../support/child';
import type { Outside } from '../support/outside';
import { compileProgram } from '../support/programs';
import { programOf, type Answer, type Try } from './drive';
import type { Environment } from './environments';
import type { Row, Situation } from './row';

/** Thrown when the control fails, for then nothing that the row finds means anything. */
export class VoidRow extends Error {
  override readonly name = 'VoidRow';
}

/**
 * One of these texts; what is not among them is a defect of the product and never expected:
 * - `closed (EPERM)`: refused, whatever was open before.
 * - `inventory (udp-socket)`: strict mode refuses and names it; who accepts it has the way open, and
 *   `residuals: 'close'` ends it. With `, kept by close` that option refuses too.
 * - `open (unix-peers)`: open, and the receipt names it with this limit.
 * - `works`, `refused (EPERM)`: of what should go on working.
 * - `throws (ERR_DISABLENETWORK_KERNEL), and has changed nothing`: the drop fails with this error, and
 *   the way is as open as before; or with what closed it instead.
 * - `absent (ENOENT)`: this kernel has no such thing, with the drop or without.
 */
export async function judge(row: Row, environment: Environment, outside: Outside): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'dn-'));
  try {
    if (row.unprivileged) chmodSync(folder, 0o777);
    return await judgeIn(folder, row, environment, outside);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function judgeIn(folder: string, row: Row, environment: Environment, outside: Outside): Promise<string> {
  const programs = Object.fromEntries((row.programs ?? []).map((name) => [name, findProgram(name, folder, row)]));
  const look = async ({ control, after }: Answer, text: string): Promise<void> => {
    if (control === 'ok') await outside.heard(text.replace(/;$/, ' control;'));
    // What was sent may still be on its way; what was refused is looked at once more when all is done.
    if (after === 'ok') await outside.heard(text);
    else if (after !== null) outside.expectSilence(text);
  };
  const run = async (parts: Try['parts'], more: DisableNetworkOptions = {}, note = ''): Promise<Answer> => {
    const text = `${environment.id} ${row.id}${note};`;
    const { tcp, udp } = outside;
    const situation: Situation = { tcp, udp, text, folder, programs, input: row.input ?? null };
    const options = { ...row.options, ...more };
    const mayThrow = row.throws === true || options.residuals === 'close';
    const input: Try = { situation, options, parts, mayThrow, stay: row.wire === true };
    const child = startInChild(programOf(row), input, childOptions(row, environment));
    if (!row.wire) return child.result;
    const answer = await child.report<Answer>();
    await look(answer, text);
    child.send('end');
    return child.result;
  };

  const { control } = row.apart ? await run(['control'], {}, ' apart') : { control: undefined };
  const answer = await run(row.apart ? ['drop'] : ['control', 'drop']);
  const before = control ?? answer.control;
  if (before !== null && row.absent?.includes(before)) return `absent (${before})`;
  if (before !== 'ok') throw new VoidRow(`without the drop ${row.id} answers ${String(before)}`);
  const { after, named, limits, thrown } = answer;
  if (thrown !== undefined) {
    return `throws (${thrown}), and ${after === 'ok' ? 'has changed nothing' : `it is closed (${String(after)})`}`;
  }
  const list = named.join(', ');
  if (row.kept) return after === 'ok' ? 'works' : `refused (${String(after)})`;
  if (after !== 'ok') return `closed (${String(after)})${list === '' ? '' : `, and named (${list})`}`;
  if (named.length === 0) {
    return row.limit !== undefined && limits.includes(row.limit) ? `open (${row.limit})` : 'OPEN, and named by nothing';
  }
  return `inventory (${list})${await afterClosing(run)}`;
}

/** What `residuals: 'close'` makes of a way that the inventory has named. */
async function afterClosing(run: (parts: ['drop'], more: DisableNetworkOptions, note: string) => Promise<Answer>) {
  const { after, thrown } = await run(['drop'], { residuals: 'close' }, ' closed');
  if (thrown === 'ERR_DISABLENETWORK_RESIDUALS') return ', kept by close';
  if (thrown !== undefined) return `, ${thrown} BY CLOSE`;
  return after === 'ok' ? ', OPEN AFTER CLOSE' : '';
}

/** The program, or a copy that lends privilege: the kernel asks the file alone. */
function findProgram(name: string, folder: string, { lends }: Row): string {
  const program = compileProgram(name);
  if (lends === undefined) return program;
  const copy = join(folder, name);
  copyFileSync(program, copy);
  chmodSync(copy, lends === 'setuid' ? 0o4755 : 0o755);
  if (lends === 'capability') execFileSync('/usr/bin/python3', ['-c', setCapability, copy]);
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
