// SPDX-License-Identifier: MIT
// A whole run, for the command and for programs: build, boot, judge.
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { chooseAccelerator } from './guest/accelerator';
import { buildPrograms } from './kernel/build-programs';
import { buildKernel, type BuildListener, type BuildOptions, type BuiltKernel } from './kernel/build';
import { judgeCoverage, measureCoverage, type Coverage } from './verdict/coverage';
import { VmError } from './errors';
import type { GuestReport } from './guest/frames';
import { readExplanations, runGcov } from './verdict/gcov';
import { bootAndRun, bootShell, type BootOptions } from './guest/machine';
import { nodeShares, packageManifest } from './guest/node-share';
import type { VmOptions } from './options';
import { judgeRun, type Suite } from './verdict/outcome';
import { checkPackages } from './packages';
import { faultPrograms, goOnAfterReports, judgeFaults } from './verdict/planted-faults';
import type { HostShare } from './guest/qemu';
import { describeRaces, isForeignRace } from './verdict/races';
import { readFunctions } from './kernel/module-functions';
import { withRunFolder } from './guest/run-folder';
import { resolveSource } from './kernel/source';
import { joinPlans, planPrograms, planSelftests, type TestPlan } from './guest/test-plan';

export interface RunListener extends BuildListener {
  frame(words: readonly string[], report: GuestReport): void;
}

export interface RunResult {
  readonly suites: readonly Suite[];
  /** The kernel's log. */
  readonly console: string;
  /** Which lines and branches of the series ran; null unless asked for. */
  readonly coverage: Coverage | null;
  readonly kernel: BuiltKernel;
  readonly patched: boolean;
  /** Seconds of the boot with all tests. */
  readonly seconds: number;
  /** Where the files of the boot are; with `keep` they stay. */
  readonly folder: string;
}

const seriesTests = 'disablenetwork';

/** Whether the kernel has, or will have, the series. */
function willBePatched({ kernel, patched }: VmOptions): { patch: boolean; present: boolean } {
  const source = resolveSource(kernel);
  if (source.kind === 'image') {
    if (patched === true) throw new VmError('source', `${kernel} is an image: it cannot be patched.`);
    return { patch: false, present: false };
  }
  const has = source.kind === 'tree' && existsSync(path.join(source.folder, 'security', seriesTests));
  const patch = patched ?? !has;
  return { patch, present: patch || has };
}

export async function build(options: VmOptions, listener: BuildListener): Promise<BuiltKernel> {
  checkPackages(resolveSource(options.kernel).kind !== 'image');
  if (options.coverage && !willBePatched(options).present) {
    throw new VmError('source', '--coverage measures the series, and this kernel has none that was built here.');
  }
  return buildKernel(buildOptions(options), listener);
}

function buildOptions(options: VmOptions): BuildOptions {
  const { patch, present } = willBePatched(options);
  return {
    kernel: options.kernel,
    patched: patch,
    present,
    sanitizer: options.sanitizer,
    coverage: options.coverage,
    fragments: options.fragments,
    jobs: options.jobs,
    keep: options.keep,
  };
}

/** Builds, boots, runs every program and judges. Throws {@link VmError} only when there is no boot to judge. */
export async function test(options: VmOptions, listener: RunListener): Promise<RunResult> {
  const kernel = await build(options, listener);
  const { present } = willBePatched(options);
  return withRunFolder(options.keep, async (folder) => {
    const plan = await planTests(options, folder, listener);
    const settings = await bootSettings(options, kernel, plan, folder, listener);
    const alive = await proveSanitizer(options, settings, listener);
    listener.phase(`booting, then running ${plan.programs.length} programs`);
    const result = await bootAndRun({
      ...settings,
      onFrame: (words, report) => {
        listener.frame(words, report);
      },
    });
    const functions = readFunctions(kernel.folder);
    const races = result.faults.filter((fault) => isForeignRace(fault, functions));
    if (races.length > 0) listener.phase(describeRaces(races));
    const faults = result.faults.filter((fault) => !races.includes(fault));
    const judged = judgeRun(result.report, faults, result.end, {
      programs: plan.programs.map(({ name }) => name),
      lsm: options.lsm,
      // Whoever gives the order may leave the module out, as a control.
      requiredLsm: present && options.lsm === null ? seriesTests : null,
    });
    const archive = result.report.files.get('coverage.tar.gz');
    const coverage = archive === undefined ? null : await readCoverage(archive, kernel, folder);
    // Other tests than those of the series need not reach all of it.
    const measured = coverage !== null && plan.programs.some(({ name }) => name.startsWith(`${seriesTests}:`));
    const suites = [...alive, ...judged, ...(measured ? [judgeCoverage(coverage)] : [])];
    return { suites, console: result.console, coverage, kernel, patched: present, seconds: result.seconds, folder };
  });
}

async function readCoverage(archive: string, kernel: BuiltKernel, folder: string): Promise<Coverage> {
  if (kernel.folder === null)
    throw new VmError('source', '--coverage needs the source of the kernel: an image has none.');
  const { objects, sources } = await runGcov(archive, kernel.folder, path.join(folder, 'gcov'));
  return measureCoverage(objects, sources, readExplanations());
}

/** A boot of its own, for each report is a fault in the log of any other. */
async function proveSanitizer(
  { sanitizer }: VmOptions,
  settings: BootOptions,
  listener: BuildListener,
): Promise<readonly Suite[]> {
  if (sanitizer === null) return [];
  listener.phase(`booting, to see whether ${sanitizer} reports planted faults`);
  const programs = faultPrograms(sanitizer);
  const { console } = await bootAndRun({
    ...settings,
    programs,
    files: [],
    shares: [],
    coverage: false,
    kernelArguments: [...settings.kernelArguments, ...goOnAfterReports],
    timeLimit: sanitizerBootLimit + endLimit + programs.reduce((sum, { limit }) => sum + limit, 0),
  });
  return [judgeFaults(sanitizer, console)];
}

/** An interactive shell on this terminal, with Node and this package in /node. */
export async function boot(options: VmOptions, listener: RunListener): Promise<void> {
  const kernel = await build(options, listener);
  await withRunFolder(options.keep, async (folder) => {
    const plan: TestPlan = { programs: [], files: [], shares: shareFolders(options) };
    const withNode = {
      ...plan,
      shares: [...plan.shares, ...nodeShares()],
    };
    await bootShell(await bootSettings(options, kernel, withNode, folder, listener));
  });
}

async function planTests(options: VmOptions, folder: string, listener: BuildListener): Promise<TestPlan> {
  const source = resolveSource(options.kernel);
  const { patch, present } = willBePatched(options);
  // The user's programs stand in for the tests of the series, unless these are asked for too.
  const byDefault = present && options.programs.length === 0 && options.selftests.length === 0;
  const selftests = byDefault ? [seriesTests] : options.selftests;
  if (source.kind === 'image' && selftests.length > 0) {
    throw new VmError('program', '--selftests needs the source of the kernel: an image has none.');
  }
  const needed = selftests.length > 0 || options.programs.some((file) => file.endsWith('.c'));
  const built =
    source.kind === 'image' || !needed
      ? null
      : await buildPrograms({ source, patched: patch, selftests, jobs: options.jobs }, listener);
  const limit = options.timeout;
  const own = await planPrograms(options.programs, { limit, folder, headers: built?.headers ?? null });
  const shared = { programs: [], files: [], shares: shareFolders(options) };
  return joinPlans(built === null ? [shared, own] : [shared, planSelftests(built.selftests, limit), own]);
}

function shareFolders({ shares, overlays }: VmOptions): readonly HostShare[] {
  return [
    ...shares.map((folder) => ({ folder, writable: false })),
    ...overlays.map((folder) => ({ folder, writable: true })),
  ].map(({ folder, writable }, index) => {
    const source = path.resolve(folder);
    if (statSync(source, { throwIfNoEntry: false })?.isDirectory() !== true) {
      throw new VmError('program', `${folder} is no folder that could be shared`);
    }
    return { tag: `share${index}`, source, target: source, writable };
  });
}

const bootLimit = 120;
/** Several checks on each access to memory. */
const sanitizerBootLimit = 300;
const limitOfBoot = ({ sanitizer }: VmOptions): number => (sanitizer === null ? bootLimit : sanitizerBootLimit);
const endLimit = 60;
/** Sanitizers cost memory, too. */
const sanitizerMemory = 2048;

async function bootSettings(
  options: VmOptions,
  kernel: BuiltKernel,
  plan: TestPlan,
  folder: string,
  listener: BuildListener,
): Promise<BootOptions> {
  const accelerator = await chooseAccelerator(kernel.image, folder, (text) => {
    listener.phase(text);
  });
  const limits = plan.programs.map(({ limit }) => limit);
  const memory = options.memory ?? (options.sanitizer === null ? null : sanitizerMemory);
  return {
    accelerator,
    kernel: kernel.image,
    ...plan,
    files: plan.shares.some(({ tag }) => tag === 'node') ? [...plan.files, packageManifest] : plan.files,
    lsm: options.lsm === null ? null : options.lsm.join(','),
    // A race elsewhere must not end the machine; the log is read in any case.
    kernelArguments: options.sanitizer === 'kcsan' ? ['kcsan.early_enable=1', ...goOnAfterReports] : [],
    coverage: options.coverage,
    environment: options.environment,
    folder,
    bootLimit: limitOfBoot(options),
    timeLimit: limitOfBoot(options) + endLimit + limits.reduce((sum, limit) => sum + limit, 0),
    ...(memory === null ? {} : { memory }),
  };
}
