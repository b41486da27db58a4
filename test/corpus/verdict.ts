// SPDX-License-Identifier: MIT
// Tries a row in an environment, and judges what came of it.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { DisableNetworkOptions } from '../../lib/types';
import { runInChild, type ChildOptions } from '../support/child';
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
  const run = async (parts: Try['parts'], more: DisableNetworkOptions = {}, note = ''): Promise<Answer> => {
    const text = `${environment.id} ${row.id}${note};`;
    const programs = Object.fromEntries((row.programs ?? []).map((name) => [name, compileProgram(name)]));
    const { tcp, udp } = outside;
    const situation: Situation = { tcp, udp, text, folder, programs, input: row.input ?? null };
    const input: Try = { situation, options: { ...row.options, ...more }, parts };
    const answer = await runInChild(programOf(row), input, childOptions(row, environment));
    if (row.wire && answer.control === 'ok') await outside.heard(text.replace(/;$/, ' control;'));
    if (!row.wire || answer.after === null) return answer;
    // What was sent may still be on its way; what was refused is looked at once more when all is done.
    if (answer.after === 'ok') await outside.heard(text);
    else outside.expectSilence(text);
    return answer;
  };

  const { control } = row.apart ? await run(['control'], {}, ' apart') : { control: undefined };
  const answer = await run(row.apart ? ['drop'] : ['control', 'drop']);
  const before = control ?? answer.control;
  if (before !== null && row.absent?.includes(before)) return `absent (${before})`;
  if (before !== 'ok') throw new VoidRow(`without the drop ${row.id} answers ${String(before)}`);
  const { after, named, limits } = answer;
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
  const { after } = await run(['drop'], { residuals: 'close' }, ' closed');
  if (after === null) return ', kept by close';
  return after === 'ok' ? ', OPEN AFTER CLOSE' : '';
}

function childOptions({ launcher = [], unprivileged }: Row, { offering }: Environment): ChildOptions {
  return {
    launcher: [...offering(), ...launcher],
    timeout: 30_000,
    ...(unprivileged ? { uid: 65534, gid: 65534 } : {}),
  };
}
