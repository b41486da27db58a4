// SPDX-License-Identifier: MIT
// From what `--kernel` names to an image in the cache.
import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder, cacheKey, makeOnce } from './cache';
import { compile, configure, type MakeOptions } from './compile';
import { explainDisk, VmError } from '../errors';
import { readFragments, type Sanitizer } from './fragments';
import { kernelContent } from './patch-content';
import { applyPatches, listPatches } from './patches';
import { plantedContent, plantFaults } from './plant-faults';
import type { Progress } from './progress';
import { writeFunctions } from './module-functions';
import { digestSource, placeSource, resolveSource, type KernelSource } from './source';

export interface BuildOptions {
  /** As `--kernel` takes it. */
  readonly kernel: string;
  /** Whether to apply the series. */
  readonly patched: boolean;
  /** Whether the kernel then has the series, which a tree may bring itself. */
  readonly present: boolean;
  readonly sanitizer: Sanitizer | null;
  readonly coverage: boolean;
  /** The user's Kconfig fragments. */
  readonly fragments: readonly string[];
  readonly jobs: number;
  /** Leave the tree of a build that failed. */
  readonly keep: boolean;
}

export interface BuildListener {
  /** A new phase, for people. */
  phase(text: string): void;
  progress(progress: Progress): void;
}

export interface BuiltKernel {
  readonly image: string;
  /** Its folder in the cache; null for an image of the user's. */
  readonly folder: string | null;
  /** Text of its configuration; null for an image of the user's. */
  readonly config: string | null;
  /** Whether it has just been built. */
  readonly built: boolean;
}

export async function buildKernel(options: BuildOptions, listener: BuildListener): Promise<BuiltKernel> {
  const source = resolveSource(options.kernel);
  if (source.kind === 'image') return { image: source.file, folder: null, config: null, built: false };
  const patches = options.patched ? listPatches(source.base) : [];
  const fragments = readFragments({
    ...options,
    patched: options.present,
    base: source.base,
    files: options.fragments,
  });
  listener.phase(`looking at the source ${source.kind === 'debian' ? source.tarball : source.folder}`);
  const identity = {
    source: await digestSource(source),
    patches: patches.map((file) => kernelContent(readFileSync(file, 'utf8'))),
    fragments: fragments + plantedContent(options.sanitizer),
    compiler: compilerVersion(),
    selftests: [],
  };
  const folder = path.join(cacheFolder(), 'kernels', cacheKey(identity));
  const { made } = await makeOnce(
    folder,
    async (partial) => {
      try {
        await buildInto(partial, { source, patches, fragments, options, listener });
        writeFileSync(path.join(partial, 'source.sha256'), `${identity.source}\n`);
      } catch (error) {
        throw explainDisk(error, partial);
      }
    },
    {
      keep: options.keep,
      onWait: () => {
        listener.phase('another run builds the same kernel: waiting for it');
      },
    },
  );
  const config = readFileSync(path.join(folder, 'config'), 'utf8');
  return { image: path.join(folder, 'vmlinux'), folder, config, built: made };
}

interface Build {
  readonly source: Exclude<KernelSource, { kind: 'image' }>;
  readonly patches: readonly string[];
  readonly fragments: string;
  readonly options: BuildOptions;
  readonly listener: BuildListener;
}

async function buildInto(partial: string, { source, patches, fragments, options, listener }: Build): Promise<void> {
  const tree = path.join(partial, 'tree');
  listener.phase('unpacking the source');
  await placeSource(source, tree);
  if (patches.length > 0) {
    listener.phase(`applying ${patches.length} patches`);
    await applyPatches(tree, patches);
  }
  const measured = path.join(tree, 'security/disablenetwork');
  if (options.coverage && existsSync(measured)) {
    appendFileSync(path.join(measured, 'Makefile'), '\nGCOV_PROFILE := y\n');
  }
  if (options.sanitizer !== null) plantFaults(tree);
  listener.phase('configuring');
  const make = makeOptions(tree, options.jobs);
  const config = await configure(make, fragments);
  listener.phase('compiling');
  await compile(make, (progress) => {
    listener.progress(progress);
  });
  renameSync(path.join(tree, 'vmlinux'), path.join(partial, 'vmlinux'));
  writeFileSync(path.join(partial, 'config'), config);
  if (options.sanitizer === 'kcsan' && existsSync(measured)) writeFunctions(measured, partial);
  // gcov needs the source beside what the compiler noted about it.
  if (options.coverage && existsSync(measured)) {
    cpSync(measured, path.join(partial, 'coverage/security/disablenetwork'), { recursive: true });
  }
  if (!options.keep) rmSync(tree, { recursive: true, force: true });
}

export function makeOptions(tree: string, jobs: number): MakeOptions {
  const cached = spawnSync('ccache', ['--version']).status === 0;
  return {
    tree,
    jobs,
    compiler: cached ? 'ccache gcc' : 'gcc',
    environment: {
      ...process.env,
      // A second build of the same content must be the same, in another folder too.
      CCACHE_DIR: process.env['CCACHE_DIR'] ?? path.join(cacheFolder(), 'ccache'),
      CCACHE_NOHASHDIR: '1',
      // Preprocesses each file once, not twice: a sixth to a quarter less for a first kernel. The price is
      // that a line of the configuration, which every file includes, compiles them all anew.
      CCACHE_DEPEND: '1',
      CCACHE_MAXSIZE: process.env['CCACHE_MAXSIZE'] ?? '5G',
      KBUILD_BUILD_TIMESTAMP: '1970-01-01',
      KBUILD_BUILD_USER: 'disablenetwork',
      KBUILD_BUILD_HOST: 'disablenetwork-vm',
      LC_ALL: 'C',
      // Not from a make that may have started this.
      MAKEFLAGS: '',
    },
  };
}

export function compilerVersion(): string {
  const { stdout, status } = spawnSync('gcc', ['--version'], { encoding: 'utf8' });
  if (status !== 0) throw new VmError('environment', 'there is no gcc. Install gcc.');
  return stdout.split('\n')[0] ?? '';
}
