// SPDX-License-Identifier: MIT
// The kernel's own tests and its headers for programs, in the cache: apart from the image, so that a
// change of a test builds no kernel.
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { compilerVersion, makeOptions, type BuildListener } from './build';
import { cacheFolder, cacheKey, makeOnce } from './cache';
import { compileSelftests } from './compile';
import { explainDisk, VmError } from '../errors';
import { applyPatches, listPatches } from './patches';
import { digestSource, placeSource, type KernelSource } from './source';

export interface ProgramsOptions {
  readonly source: Exclude<KernelSource, { kind: 'image' }>;
  readonly patched: boolean;
  /** Folders below tools/testing/selftests. */
  readonly selftests: readonly string[];
  readonly jobs: number;
}

export interface BuiltPrograms {
  /** As `make install` leaves the tests, with their list. */
  readonly selftests: string;
  readonly headers: string;
}

export async function buildPrograms(options: ProgramsOptions, listener: BuildListener): Promise<BuiltPrograms> {
  const { source, selftests } = options;
  const patches = options.patched ? listPatches(source.base) : [];
  const key = cacheKey({
    source: await digestSource(source),
    patches: patches.map((file) => readFileSync(file, 'utf8')),
    fragments: '',
    compiler: compilerVersion(),
    selftests,
  });
  const folder = path.join(cacheFolder(), 'programs', key);
  await makeOnce(
    folder,
    async (partial) => {
      try {
        const tree = path.join(partial, 'tree');
        listener.phase('compiling test programs');
        await placeSource(source, tree);
        await applyPatches(tree, patches);
        const missing = selftests.find(
          (name) => !existsSync(path.join(tree, 'tools/testing/selftests', name, 'Makefile')),
        );
        if (missing !== undefined) throw new VmError('source', `the tree has no tools/testing/selftests/${missing}`);
        await compileSelftests(makeOptions(tree, options.jobs), selftests, path.join(partial, 'selftests'));
        renameSync(path.join(tree, 'usr/include'), path.join(partial, 'include'));
        rmSync(tree, { recursive: true });
      } catch (error) {
        throw explainDisk(error, partial);
      }
    },
    {
      onWait: () => {
        listener.phase('another run compiles the same test programs: waiting for it');
      },
    },
  );
  return { selftests: path.join(folder, 'selftests'), headers: path.join(folder, 'include') };
}
