// SPDX-License-Identifier: MIT
// What the series costs who does not use it: builds both kernels, boots three configurations, judges.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { readConfig } from '../../vm/kernel/check-config';
import { buildKernel, type BuildOptions, type BuiltKernel } from '../../vm/kernel/build';
import { VmError } from '../../vm/errors';
import { seriesFolder } from '../../vm/package-folder';
import { bases } from '../../vm/kernel/source';
import { checkPackages } from '../../vm/packages';
import type { VmOptions } from '../../vm/options';
import type { RunListener } from '../../vm/run';
import { withRunFolder } from '../../vm/guest/run-folder';
import { mergeCounts, type GuestCounts } from './counts';
import { bootCounter, compileCounter, type CountingBoot } from './guest';
import { configurations, judgeCosts, type Configuration, type Costs } from './judge';

export interface ConfigurationFacts {
  /** As the guest says it. */
  readonly modules: readonly string[];
  /** SHA-256 of the kernel's configuration. */
  readonly config: string;
}

export interface CostReport extends Costs {
  readonly kernel: string;
  readonly compiler: string;
  readonly emulator: string;
  /** How often each configuration was booted. */
  readonly boots: number;
  readonly configurations: Readonly<Record<Configuration, ConfigurationFacts>>;
}

const series = 'disablenetwork';

export async function measureCosts(options: VmOptions, boots: number, listener: RunListener): Promise<CostReport> {
  if (!bases.some((base) => base === options.kernel)) {
    throw new VmError('source', `cost needs a kernel with and without the series: --kernel ${bases.join(' or ')}.`);
  }
  checkPackages(true);
  const without = await buildKernel(buildOptions(options, false), listener);
  const patched = await buildKernel(buildOptions(options, true), listener);
  return withRunFolder(options.keep, async (folder) => {
    const program = await compileCounter(folder);
    const results = new Map<Configuration, readonly CountingBoot[]>();
    for (const configuration of configurations) {
      const { image, config } = configuration === 'unpatched' ? without : patched;
      const modules = chooseModules(configOf(patched, config), configuration === 'on');
      const runs: CountingBoot[] = [];
      for (let boot = 1; boot <= boots; boot++) {
        listener.phase(`counting instructions: ${describe[configuration]}, boot ${boot} of ${boots}`);
        runs.push(await bootCounter({ image, program, modules, folder }));
      }
      results.set(configuration, runs);
    }
    return report(results, boots, { unpatched: without, off: patched, on: patched });
  });
}

export const describe: Readonly<Record<Configuration, string>> = {
  unpatched: 'kernel without the series',
  off: 'with it, LSM off',
  on: 'with it, LSM on',
};

function buildOptions(options: VmOptions, patched: boolean): BuildOptions {
  const { kernel, sanitizer, coverage, jobs, keep } = options;
  const fragments = [path.join(seriesFolder, 'config/cost.config'), ...options.fragments];
  return { kernel, patched, present: patched, sanitizer, coverage, fragments, jobs, keep };
}

function configOf(kernel: BuiltKernel, config: string | null): string {
  if (config === null || kernel.config === null) throw new VmError('config', 'a kernel has no configuration');
  return kernel.config;
}

/** The kernel's own order, so that all configurations differ in one module alone. */
export function chooseModules(config: string, on: boolean): readonly string[] {
  const order = /^"(.*)"$/.exec(readConfig(config).get('CONFIG_LSM') ?? '')?.[1]?.split(',') ?? [];
  if (!order.includes(series)) throw new VmError('config', `CONFIG_LSM does not name ${series}`);
  return on ? order : order.filter((name) => name !== series);
}

function report(
  results: ReadonlyMap<Configuration, readonly CountingBoot[]>,
  boots: number,
  kernels: Readonly<Record<Configuration, BuiltKernel>>,
): CostReport {
  const runsOf = (configuration: Configuration): readonly CountingBoot[] => results.get(configuration) ?? [];
  const merged = (configuration: Configuration): GuestCounts => mergeCounts(runsOf(configuration));
  const facts = (configuration: Configuration): ConfigurationFacts => ({
    modules: runsOf(configuration)[0]?.modules ?? [],
    config: createHash('sha256')
      .update(kernels[configuration].config ?? '')
      .digest('hex'),
  });
  const all = { unpatched: facts('unpatched'), off: facts('off'), on: facts('on') };
  const costs = judgeCosts({ unpatched: merged('unpatched'), off: merged('off'), on: merged('on') });
  const config = readConfig(kernels.on.config ?? '');
  return {
    kernel: runsOf('on')[0]?.release ?? '',
    compiler: (config.get('CONFIG_CC_VERSION_TEXT') ?? '').replace(/"/g, ''),
    emulator: spawnSync('qemu-system-x86_64', ['--version'], { encoding: 'utf8' }).stdout.split('\n')[0] ?? '',
    boots,
    configurations: all,
    ...costs,
    doubts: [...costs.doubts, ...findWrongModules(all)],
  };
}

/** The kernel ignores a wrong name in `lsm=` without a word. */
export function findWrongModules(facts: Readonly<Record<Configuration, ConfigurationFacts>>): readonly string[] {
  const others = facts.on.modules.filter((name) => name !== series).join(',');
  return configurations
    .filter((configuration) => {
      const { modules } = facts[configuration];
      const rest = modules.filter((name) => name !== series).join(',');
      return modules.includes(series) !== (configuration === 'on') || rest !== others;
    })
    .map((configuration) => `${configuration}: the security modules are ${facts[configuration].modules.join(',')}`);
}
