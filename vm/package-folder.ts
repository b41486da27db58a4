// SPDX-License-Identifier: MIT
import { existsSync } from 'node:fs';
import path from 'node:path';

/** The root of this package: above the sources, and above what they compile to, which is deeper. */
export const packageFolder = findAbove(__dirname);

function findAbove(folder: string): string {
  return existsSync(path.join(folder, 'package.json')) ? folder : findAbove(path.dirname(folder));
}

/** What the package ships for the kernel: patches and configuration. */
export const seriesFolder = path.join(packageFolder, 'kernel-patch');
