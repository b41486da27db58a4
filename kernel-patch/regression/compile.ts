// SPDX-License-Identifier: MIT
// The kernel's own tests, compiled one by one: what does not compile is named, and the others run.
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { compilerVersion, makeOptions, type BuildListener } from '../../vm/kernel/build';
import { cacheFolder, cacheKey, makeOnce } from '../../vm/kernel/cache';
import { runBound } from '../../vm/children';
import { compileSelftests, type MakeOptions } from '../../vm/kernel/compile';
import { explainDisk } from '../../vm/errors';
import { applyPatches, listPatches } from '../../vm/kernel/patches';
import { digestSource, placeSource, type KernelSource } from '../../vm/kernel/source';
import type { LeftProgram, TestFolder } from './catalogue';

export interface CompiledTests {
  /** A folder that holds each {@link TestFolder} with its files. */
  readonly folder: string;
  readonly uncompiled: readonly LeftProgram[];
}

/** To be raised when the same catalogue is to be compiled in another way. */
const method = 2;

/**
 * Compiles the tests of the tree with the series, which knows the module where a test lists all of them.
 * The same programs then run on both kernels.
 */
export async function compileTests(
  source: Exclude<KernelSource, { kind: 'image' }>,
  folders: readonly TestFolder[],
  jobs: number,
  listener: BuildListener,
): Promise<CompiledTests> {
  const patches = listPatches(source.base);
  const key = cacheKey({
    source: await digestSource(source),
    patches: patches.map((file) => readFileSync(file, 'utf8')),
    fragments: '',
    compiler: compilerVersion(),
    // Not how they are run.
    selftests: [
      `regression ${method}`,
      JSON.stringify(folders.map((entry) => ({ ...entry, prepare: null, byExitCode: [] }))),
    ],
  });
  const target = path.join(cacheFolder(), 'programs', key);
  await makeOnce(
    target,
    async (partial) => {
      try {
        const tree = path.join(partial, 'tree');
        listener.phase("unpacking the source for the kernel's own tests");
        await placeSource(source, tree);
        await applyPatches(tree, patches);
        const make = makeOptions(tree, jobs);
        await compileSelftests(make, [], ''); // The headers alone.
        const uncompiled: LeftProgram[] = [];
        for (const folder of folders) {
          listener.phase(`compiling ${folder.folder}`);
          uncompiled.push(...(await compileFolder(make, folder, path.join(partial, 'tests'))));
        }
        writeFileSync(path.join(partial, 'uncompiled.json'), JSON.stringify(uncompiled));
        rmSync(tree, { recursive: true });
      } catch (error) {
        throw explainDisk(error, partial);
      }
    },
    {
      onWait: () => {
        listener.phase('another run compiles the same tests: waiting for it');
      },
    },
  );
  const uncompiled = JSON.parse(readFileSync(path.join(target, 'uncompiled.json'), 'utf8')) as LeftProgram[];
  return { folder: path.join(target, 'tests'), uncompiled };
}

async function compileFolder(make: MakeOptions, entry: TestFolder, target: string): Promise<readonly LeftProgram[]> {
  const source = path.join(make.tree, 'tools/testing/selftests', entry.folder);
  const output = path.join(target, entry.folder);
  mkdirSync(output, { recursive: true });
  const uncompiled: LeftProgram[] = [];
  for (const name of [...entry.helpers, ...entry.programs]) {
    const file = path.join(output, name);
    // Statically, for the guest has no libraries of its own.
    const flags = [`OUTPUT=${output}`, `KHDR_INCLUDES=-isystem ${make.tree}/usr/include`, 'LDFLAGS=-static'];
    const answer = await runBound(['make', `CC=${make.compiler}`, ...flags, file], {
      cwd: source,
      env: make.environment,
    });
    if (answer.code !== 0 || !existsSync(file)) {
      uncompiled.push({ program: `${entry.folder}:${name}`, reason: `it cannot be compiled: ${firstError(answer)}` });
    }
  }
  for (const name of [...entry.scripts, ...entry.files]) {
    if (existsSync(path.join(source, name))) copyFileSync(path.join(source, name), path.join(output, name));
    else uncompiled.push({ program: `${entry.folder}:${name}`, reason: 'the tree does not have it' });
  }
  return uncompiled;
}

function firstError({ output }: { readonly output: string }): string {
  const line = output.split('\n').find((text) => /error:|undefined reference|cannot find|No rule/.test(text));
  return line?.trim() ?? 'make said nothing about it';
}
