// SPDX-License-Identifier: MIT
// make(1) in a kernel's tree: configuring, compiling, the kernel's own tests.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { checkConfig, readConfig } from './check-config';
import { runBound, type RunOptions } from '../children';
import { VmError } from '../errors';
import { countExpected, ProgressMeter, type Progress } from './progress';

export interface MakeOptions {
  readonly tree: string;
  readonly jobs: number;
  /** What compiles: `gcc`, or `ccache gcc`. */
  readonly compiler: string;
  readonly environment: NodeJS.ProcessEnv;
}

function make(options: MakeOptions, args: readonly string[], run: RunOptions = {}) {
  const { tree, jobs, compiler, environment } = options;
  return runBound(['make', `-j${jobs}`, `CC=${compiler}`, ...args], { ...run, cwd: tree, env: environment });
}

const lastLines = (text: string, count: number): string => text.trimEnd().split('\n').slice(-count).join('\n');

async function mustMake(options: MakeOptions, args: readonly string[], what: string, run: RunOptions = {}) {
  const { code, output } = await make(options, args, run);
  if (code === 0) return output;
  const first = output.split('\n').find((line) => /(error|Error):? |\*\*\* /.test(line)) ?? '';
  throw new VmError('build', `${what} failed: ${first.trim()}`, lastLines(output, 40));
}

/** Everything off but what the fragments say, and an error for each line that Kconfig has dropped. */
export async function configure(options: MakeOptions, fragments: string): Promise<string> {
  const file = path.join(options.tree, '.disablenetwork-vm.config');
  // Each symbol once: Kconfig would warn, and the last is meant.
  const lines = [...readConfig(fragments)].map(([symbol, value]) =>
    value === 'n' ? `# ${symbol} is not set` : `${symbol}=${value}`,
  );
  writeFileSync(file, `${lines.join('\n')}\n`);
  await mustMake(options, [`KCONFIG_ALLCONFIG=${file}`, 'allnoconfig'], 'configuring');
  const config = readFileSync(path.join(options.tree, '.config'), 'utf8');
  const unhonoured = checkConfig(fragments, config);
  if (unhonoured.length === 0) return config;
  const list = unhonoured.map(({ symbol, wanted, got }) => `${symbol}: wanted ${wanted}, got ${got}`);
  throw new VmError(
    'config',
    `${unhonoured.length} lines of the configuration were not honoured, the first is ${list[0] ?? ''}. ` +
      'Kconfig drops a line whose dependencies are missing or whose symbol it does not know.',
    list.join('\n'),
  );
}

/** Compiles vmlinux. */
export async function compile(options: MakeOptions, onProgress: (progress: Progress) => void): Promise<void> {
  await mustMake(options, ['prepare'], 'preparing the build');
  // Not the real thing: it ends early, for it finds no archive to link.
  const dryRun = await make(options, ['--dry-run', 'vmlinux']);
  const expected = countExpected(dryRun.output);
  const meter = new ProgressMeter(expected === 0 ? null : expected);
  onProgress(meter.progress);
  await mustMake(options, ['vmlinux'], 'compiling', {
    onLine: (line) => {
      if (meter.read(line)) onProgress(meter.progress);
    },
  });
}

/** Installs the headers for programs, and the kernel's own tests, compiled statically. */
export async function compileSelftests(
  options: MakeOptions,
  folders: readonly string[],
  target: string,
): Promise<void> {
  await mustMake(options, ['headers'], 'installing the headers');
  if (folders.length === 0) return;
  const headers = path.join(options.tree, 'usr/include');
  await mustMake(
    { ...options, tree: path.join(options.tree, 'tools/testing/selftests') },
    [
      'install',
      `TARGETS=${folders.join(' ')}`,
      `INSTALL_PATH=${target}`,
      `KHDR_INCLUDES=-isystem ${headers}`,
      'LDFLAGS=-static',
      'FORCE_TARGETS=1',
    ],
    `compiling the kernel's tests ${folders.join(', ')}`,
  );
}
