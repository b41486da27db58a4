// SPDX-License-Identifier: MIT
// The verb `cost` of the command.
import { VmExitCode } from '../exit-codes';
import { costOptions, type VmOptions } from '../options';
import type { RunListener } from '../run';
import type { Terminal } from '../terminal';
import { writeResults } from './files';
import { costFolder } from './guest';
import { describeBroken } from './judge';
import { measureCosts } from './run';

export const costVerb = {
  name: 'cost',
  usage: '[OPTION]...',
  summary: 'Count what the LSM costs who does not use it, and hold it against its bars.',
  description:
    'Boots the kernel without the series, and the one with it twice, with the LSM switched off and on. Counts the ' +
    'instructions of system calls, processes and threads in each, and writes results.md, results.svg and results.json.',
  options: costOptions,
} as const;

export async function executeCost(options: VmOptions, listener: RunListener, terminal: Terminal): Promise<number> {
  const report = await measureCosts(options, options.boots, listener);
  for (const file of writeResults(report, options.output ?? costFolder)) terminal.writeError(`> ${file}\n`);
  const broken = describeBroken(report);
  terminal.writeOutput(
    broken.length === 0
      ? `${report.operations.length} operations: every bar is kept\n`
      : `BROKEN\n${broken.map((text) => `  ${text}\n`).join('')}`,
  );
  return broken.length === 0 ? VmExitCode.good : VmExitCode.bad;
}
