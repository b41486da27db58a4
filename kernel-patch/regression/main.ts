// SPDX-License-Identifier: MIT
// `npm test -- regression`: compares the kernel's own selftests with the series and without. Runs Landlock,
// seccomp, prctl, ptrace, pidfd, exec and network selftests on the kernel without the series, twice, and on
// the one with it. Each result must be the same; a test that differs between the first two boots must be
// named in unstable.json.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { helpOption } from '../../lib/command-line/help';
import type { OptionDeclarations, ParsedArguments } from '../../lib/command-line/parse';
import { listener } from '../../vm/cli/listener';
import { runAlone } from '../../vm/cli/run-alone';
import type { Terminal } from '../../vm/cli/terminal';
import { VmExitCode } from '../../vm/exit-codes';
import { bootOptions, kernelOptions, readOptions } from '../../vm/options';
import { isGood } from './judge';
import { renderMarkdown, renderReport } from './report';
import { compareKernels } from './run';

const options = {
  kernel: kernelOptions['kernel'],
  selftests: {
    type: 'string',
    value: 'FOLDER',
    repeatable: true,
    description: 'Only this folder of tools/testing/selftests; may be repeated.',
  },
  timeout: bootOptions['timeout'],
  output: { type: 'string', value: 'FOLDER', description: 'Write results.md there.' },
  jobs: kernelOptions['jobs'],
  ...helpOption,
} as OptionDeclarations;

async function execute(parsed: ParsedArguments, terminal: Terminal): Promise<number> {
  const parts = await compareKernels(readOptions(parsed), listener(terminal));
  const output = parsed.values.get('output');
  if (output !== undefined) writeFileSync(path.join(output, 'results.md'), renderMarkdown(parts));
  terminal.writeOutput(renderReport(parts));
  return isGood(parts) ? VmExitCode.good : VmExitCode.bad;
}

runAlone('npm test -- regression', options, execute);
