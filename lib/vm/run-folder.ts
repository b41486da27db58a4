// SPDX-License-Identifier: MIT
// A folder for the files of one run, which goes with the run.
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder, lockSuffix, partialSuffix, sweep } from './cache';
import { takeLock } from './lock';

/** Calls `use` with a new folder. A killed run's folder is removed by a later run. */
export async function withRunFolder<Result>(keep: boolean, use: (folder: string) => Promise<Result>): Promise<Result> {
  const runs = path.join(cacheFolder(), 'runs');
  await sweep(runs);
  const name = path.join(runs, `${process.pid}-${Date.now()}`);
  const lock = await takeLock(name + lockSuffix);
  const folder = keep ? name : name + partialSuffix;
  try {
    mkdirSync(folder, { recursive: true });
    return await use(folder);
  } finally {
    if (!keep) rmSync(folder, { recursive: true, force: true });
    rmSync(name + lockSuffix, { force: true }); // Nobody else knows this name.
    await lock?.release();
  }
}
