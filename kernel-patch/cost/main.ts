// SPDX-License-Identifier: MIT
// `npm test -- cost`: counts what the LSM costs processes that do not use it, and holds it against its bars.
// Boots the kernel without the series, and the one with it twice, with the LSM switched off and on.
import path from 'node:path';
import { helpOption } from '../../lib/command-line/help';
import type { OptionDeclarations, ParsedArguments } from '../../lib/command-line/parse';
import { listener } from '../../vm/cli/listener';
import { runAlone } from '../../vm/cli/run-alone';
import type { Terminal } from '../../vm/cli/terminal';
import { VmExitCode } from '../../vm/exit-codes';
import { kernelOptions, readCount, readOptions } from '../../vm/options';
import { writePage, writeRaw } from './files';
import { costFolder } from './guest';
import { describeBroken } from './judge';
import { measureCosts } from './run';

const { config, jobs, keep } = kernelOptions;
const options = {
  kernel: { type: 'string', value: 'KERNEL', description: "6.12 (default) or 6.1: Debian's source." },
  ...{ config, jobs, keep },
  boots: { type: 'string', value: 'N', description: 'How often each configuration is booted: 3 unless given.' },
  raw: { type: 'string', value: 'FOLDER', description: 'Write the raw counts (results.json) and a picture there.' },
  output: { type: 'string', value: 'FOLDER', description: 'Where results.md goes: kernel-patch/cost unless given.' },
  ...helpOption,
} as OptionDeclarations;

async function execute(parsed: ParsedArguments, terminal: Terminal): Promise<number> {
  const boots = readCount('boots', parsed.values.get('boots'), 3);
  const report = await measureCosts(readOptions(parsed), boots, listener(terminal));
  const files = [writePage(report, parsed.values.get('output') ?? costFolder)];
  const raw = parsed.values.get('raw');
  if (raw !== undefined) files.push(...writeRaw(report, path.resolve(raw)));
  for (const file of files) terminal.writeError(`> ${file}\n`);
  const broken = describeBroken(report);
  terminal.writeOutput(
    broken.length === 0
      ? `${report.operations.length} operations: every bar is kept\n`
      : `BROKEN\n${broken.map((text) => `  ${text}\n`).join('')}`,
  );
  return broken.length === 0 ? VmExitCode.good : VmExitCode.bad;
}

runAlone('npm test -- cost', options, execute);
