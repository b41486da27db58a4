// SPDX-License-Identifier: MIT
// The kernel's own tests on a kernel without the series, twice, and on one with it.
import path from 'node:path';
import { chooseAccelerator } from '../../vm/guest/accelerator';
import { buildKernel, type BuiltKernel } from '../../vm/kernel/build';
import { VmError } from '../../vm/errors';
import { bootAndRun } from '../../vm/guest/machine';
import type { VmOptions } from '../../vm/options';
import { judgeRun, type Suite } from '../../vm/verdict/outcome';
import { checkPackages } from '../../vm/packages';
import { seriesFolder } from '../../vm/package-folder';
import type { RunListener } from '../../vm/run';
import { withRunFolder } from '../../vm/guest/run-folder';
import { resolveSource } from '../../vm/kernel/source';
import type { TestPlan } from '../../vm/guest/test-plan';
import { chooseFolders, readCatalogue } from './catalogue';
import { compileTests } from './compile';
import { judgeRegression } from './judge';
import { planTests } from './plan';
import type { ReportParts } from './report';

const configuration = path.join(seriesFolder, 'config/regression.config');
const series = 'disablenetwork';
/** Seconds, on a host that does other things too. */
const bootLimit = 180;
/** Mebibytes. */
const memory = 2048;

export async function compareKernels(options: VmOptions, listener: RunListener): Promise<ReportParts> {
  const source = resolveSource(options.kernel);
  if (source.kind === 'image') {
    throw new VmError('source', 'regression needs a kernel with and without the series: an image is one of them.');
  }
  const catalogue = readCatalogue();
  const chosen = chooseFolders(catalogue.folders, options.selftests);
  checkPackages(true);
  const compiled = await compileTests(source, chosen, options.jobs, listener);
  const without = await buildOne(options, false, listener);
  const patched = await buildOne(options, true, listener);
  const plan = planTests(compiled.folder, chosen, options.timeout);
  const byExitCode = chosen.flatMap((entry) => entry.byExitCode.map((name) => `${entry.folder}:${name}`));
  const boot = (kernel: BuiltKernel, required: string | null, what: string): Promise<Boot> => {
    listener.phase(`booting the kernel ${what}: ${plan.programs.length} programs`);
    return bootOnce(kernel, { required, plan, byExitCode, listener });
  };
  const first = await boot(without, null, 'without the series');
  const again = await boot(without, null, 'without the series, again');
  const last = await boot(patched, series, 'with the series');
  const inChosen = ({ program }: { readonly program: string }): boolean =>
    chosen.some(({ folder }) => program.startsWith(`${folder}:`));
  const unstable = catalogue.unstable.filter(inChosen);
  return {
    ...judgeRegression({ without: first.suites, again: again.suites, patched: last.suites }, { unstable }),
    suites: first.suites,
    left: [...compiled.uncompiled, ...catalogue.left.filter(inChosen)],
    kernel: first.release,
    seconds: first.seconds + again.seconds + last.seconds,
  };
}

function buildOne(options: VmOptions, patched: boolean, listener: RunListener): Promise<BuiltKernel> {
  const { kernel, sanitizer, coverage, fragments, jobs, keep } = options;
  return buildKernel(
    {
      ...{ kernel, sanitizer, coverage, jobs, keep },
      patched,
      present: patched,
      fragments: [configuration, ...fragments],
    },
    listener,
  );
}

interface Boot {
  readonly suites: readonly Suite[];
  readonly release: string;
  readonly seconds: number;
}

interface BootParts {
  /** A security module that must be in force. */
  readonly required: string | null;
  readonly plan: TestPlan;
  /** Names of programs whose report does not count. */
  readonly byExitCode: readonly string[];
  readonly listener: RunListener;
}

async function bootOnce(kernel: BuiltKernel, { required, plan, byExitCode, listener }: BootParts): Promise<Boot> {
  return withRunFolder(false, async (folder) => {
    const limits = plan.programs.map(({ limit }) => limit);
    const result = await bootAndRun({
      accelerator: await chooseAccelerator(kernel.image, folder, (text) => {
        listener.phase(text);
      }),
      kernel: kernel.image,
      ...plan,
      lsm: null,
      kernelArguments: [],
      coverage: false,
      folder,
      bootLimit,
      timeLimit: bootLimit + limits.reduce((sum, limit) => sum + limit, 0),
      memory,
      onFrame: (words, report) => {
        listener.frame(words, report);
      },
    });
    const names = plan.programs.map(({ name }) => name);
    const programs = result.report.programs.map((program) =>
      byExitCode.includes(program.name) ? { ...program, output: '' } : program,
    );
    const suites = judgeRun({ ...result.report, programs }, result.faults, result.end, {
      programs: names,
      lsm: null,
      requiredLsm: required,
    });
    return { suites, release: result.report.release ?? 'unknown', seconds: result.seconds };
  });
}
