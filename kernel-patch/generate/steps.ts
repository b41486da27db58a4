// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Base } from './bases';
import { resolveConditions } from './conditions';
import { seriesFolder } from './folders';

/** One patch of the series. `SERIES_STEP` in the sources is its place in the list, from 1. */
export interface Step {
  /** The name of its description in series/, and of its edits. */
  readonly name: string;
  /** The files, or folders with a slash at the end, that are new with it. */
  readonly files: readonly string[];
}

const lsm = (...names: string[]): string[] => names.map((name) => `security/disablenetwork/${name}`);

export const steps: readonly Step[] = [
  { name: 'skeleton', files: lsm('Kconfig', 'Makefile', 'setup.c', 'setup.h') },
  { name: 'state', files: [...lsm('state.h'), 'include/linux/disablenetwork.h'] },
  { name: 'nosuid', files: [...lsm('nosuid.c', 'prctl.c'), 'include/uapi/linux/disablenetwork.h'] },
  { name: 'socket', files: lsm('socket.c', 'socket.h') },
  { name: 'unix', files: lsm('unix.c', 'unix.h') },
  { name: 'route', files: lsm('control.c', 'control.h', 'option.c') },
  { name: 'ptrace', files: lsm('ptrace.c') },
  { name: 'audit', files: lsm('audit.c', 'audit.h') },
  { name: 'proc', files: lsm('proc.c') },
  { name: 'selftests', files: ['tools/testing/selftests/disablenetwork/'] },
  { name: 'documentation', files: ['Documentation/'] },
];

/** The commit message: the subject, an empty line, the body. */
export function readMessage(name: string, base?: Base): string {
  const text = readFileSync(path.join(seriesFolder, `${name}.txt`), 'utf8');
  return resolveConditions(text, { SERIES_STEP: steps.length, KERNEL_BASE: base?.number ?? 0 }, name).trim();
}

/** The place, from 1, of the step that a new file comes with. */
export function stepOfFile(file: string): number {
  const index = steps.findIndex(({ files }) =>
    files.some((name) => (name.endsWith('/') ? file.startsWith(name) : file === name)),
  );
  if (index === -1) throw new Error(`${file}: no step of the series brings this file`);
  return index + 1;
}
