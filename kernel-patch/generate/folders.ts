// SPDX-License-Identifier: MIT
import path from 'node:path';

/** The root of the repository: the compiled generator runs from dist/series. */
export const root = path.resolve(__dirname, '../..');

export const sourceFolder = path.join(root, 'kernel-patch/source');
export const seriesFolder = path.join(root, 'kernel-patch/series');
export const manualFolder = path.join(root, 'kernel-patch/manual');
export const patchesFolder = path.join(root, 'kernel-patch/patches');
