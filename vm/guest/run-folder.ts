// SPDX-License-Identifier: MIT
// A folder for the files of one run, which goes with the run.
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder, lockSuffix, partialSuffix, sweep } from '../kernel/cache';
import { explainDisk } from '../errors';
import { takeLock } from '../kernel/lock';

/** Calls `use` with a new folder, which goes however this process ends. */
export async function withRunFolder<Result>(keep: boolean, use: (folder: string) => Promise<Result>): Promise<Result> {
  const runs = path.join(cacheFolder(), 'runs');
  await sweep(runs);
  const name = path.join(runs, `${process.pid}-${Date.now()}`);
  const folder = keep ? name : name + partialSuffix;
  const lock = await takeLock(name + lockSuffix, keep ? {} : { folder });
  try {
    mkdirSync(folder, { recursive: true });
    return await use(folder);
  } catch (error) {
    throw explainDisk(error, folder);
  } finally {
    if (!keep) rmSync(folder, { recursive: true, force: true });
    await lock?.release();
  }
}
