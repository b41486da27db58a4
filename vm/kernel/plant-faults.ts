// SPDX-License-Identifier: MIT
// Faults for a sanitizer to report, in a kernel that is built for one.
import { appendFileSync, copyFileSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { VmError } from '../errors';
import { seriesFolder } from '../package-folder';
import type { Sanitizer } from './fragments';

const source = path.join(seriesFolder, 'config/planted-faults.c');

/** What the build depends on because of the faults. */
export function plantedContent(sanitizer: Sanitizer | null): string {
  return sanitizer === null ? '' : readFileSync(source, 'utf8');
}

/** Adds the faults to the harness's own copy of a tree. */
export function plantFaults(tree: string): void {
  const folder = path.join(tree, 'drivers/misc');
  if (!existsSync(path.join(folder, 'Makefile'))) {
    throw new VmError('source', 'the tree has no drivers/misc/Makefile, where the faults for a sanitizer belong');
  }
  copyFileSync(source, path.join(folder, 'planted-faults.c'));
  appendFileSync(path.join(folder, 'Makefile'), '\nobj-y += planted-faults.o\n');
}
