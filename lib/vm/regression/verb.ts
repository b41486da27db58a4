// SPDX-License-Identifier: MIT
// The verb `regression` of the command.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { VmExitCode } from '../exit-codes';
import { regressionOptions, type VmOptions } from '../options';
import type { RunListener } from '../run';
import type { Terminal } from '../terminal';
import { isGood } from './judge';
import { renderMarkdown, renderReport } from './report';
import { compareKernels } from './run';

export const regressionVerb = {
  name: 'regression',
  usage: '[OPTION]...',
  summary: "Compare the kernel's own selftests with the series and without.",
  description:
    'Runs Landlock, seccomp, prctl, ptrace, pidfd, exec and network selftests on the kernel without the series, ' +
    'twice, and on the one with it. Each result must be the same; a test that differs between the first two boots ' +
    "must be named in the package's kernel-patch/regression/unstable.json.",
  options: regressionOptions,
} as const;

export async function executeRegression(
  options: VmOptions,
  listener: RunListener,
  terminal: Terminal,
): Promise<number> {
  const parts = await compareKernels(options, listener);
  if (options.output !== null) writeFileSync(path.join(options.output, 'results.md'), renderMarkdown(parts));
  terminal.writeOutput(renderReport(parts));
  return isGood(parts) ? VmExitCode.good : VmExitCode.bad;
}
