// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Base } from './bases';
import { resolveConditions } from './conditions';
import { seriesFolder } from './folders';

/** One patch of the series. */
export interface Step {
  /** The name of its description in series/, and of its edits. */
  readonly name: string;
  /** The files, or folders with a slash at the end, that are new with it; they arrive finished. */
  readonly files: readonly string[];
}

const lsm = (...names: string[]): string[] => names.map((name) => `security/disablenetwork/${name}`);

/** From the bottom up: what the module needs comes first, and with the module what builds it. */
export const steps: readonly Step[] = [
  { name: 'state', files: ['include/linux/disablenetwork.h', 'include/uapi/linux/disablenetwork.h'] },
  {
    name: 'sockets',
    files: lsm(
      ...['setup.h', 'state.h', 'audit.c', 'audit.h', 'socket.c', 'socket.h'],
      ...['unix.c', 'unix.h', 'option.c', 'control.c', 'control.h'],
    ),
  },
  { name: 'processes', files: lsm('nosuid.c', 'ptrace.c', 'proc.c') },
  { name: 'module', files: lsm('Kconfig', 'Makefile', 'prctl.c', 'setup.c') },
  { name: 'selftests', files: ['tools/testing/selftests/disablenetwork/'] },
  { name: 'documentation', files: ['Documentation/'] },
];

/** The commit message: the subject, an empty line, the body. */
export function readMessage(name: string, base?: Base): string {
  const text = readFileSync(path.join(seriesFolder, `${name}.txt`), 'utf8');
  return resolveConditions(text, base?.number ?? 0, name).trim();
}

/** The place, from 1, of the step that a new file comes with. */
export function stepOfFile(file: string): number {
  const index = steps.findIndex(({ files }) =>
    files.some((name) => (name.endsWith('/') ? file.startsWith(name) : file === name)),
  );
  if (index === -1) throw new Error(`${file}: no step of the series brings this file`);
  return index + 1;
}
