// SPDX-License-Identifier: MIT
// The verbs of the command: what the help says, and what each does.
import { writeFileSync } from 'node:fs';
import { renderCoverage } from '../verdict/coverage-table';
import { helpOption, type CommandDescription } from '../../lib/command-line/help';
import { bootOptions, kernelOptions, testOptions, type VmOptions } from '../options';
import { VmExitCode } from '../exit-codes';
import { writeJunit } from '../verdict/junit';
import { countOutcomes } from '../verdict/outcome';
import { describeSeconds } from '../kernel/progress';
import { boot, build, test, type RunResult } from '../run';
import { renderSummary } from '../verdict/summary';
import { listener } from './listener';
import type { Terminal } from './terminal';

export interface Verb extends CommandDescription {
  execute(options: VmOptions, terminal: Terminal): Promise<number>;
}

const failures: readonly (readonly [string, string])[] = [
  ['2', 'the command line is wrong'],
  ['125', 'no kernel to boot: packages, disk, source, configuration or compiler; the message says which'],
];

const buildVerb: Verb = {
  name: 'build',
  usage: '[OPTION]...',
  summary: 'Build a kernel with the series, and print the path of its image.',
  description: 'The image is kept by its content: what has been built once is there at once.',
  exitCodes: [['0', 'there is an image'], ...failures],
  options: { ...kernelOptions, ...helpOption },
  execute: async (options, terminal) => {
    const { image } = await build(options, listener(terminal));
    terminal.writeOutput(`${image}\n`);
    return VmExitCode.good;
  },
};

const bootVerb: Verb = {
  name: 'boot',
  usage: '[OPTION]...',
  summary: 'Boot into a shell.',
  description: 'The machine has no network card and writes nothing on this disk. Node is /node/node there.',
  exitCodes: [['0', 'the machine has ended'], ...failures],
  options: { ...kernelOptions, ...bootOptions, ...helpOption },
  execute: async (options, terminal) => {
    await boot(options, listener(terminal));
    return VmExitCode.good;
  },
};

const testVerb: Verb = {
  name: 'test',
  usage: '[OPTION]...',
  summary: 'Boot, run the tests, and say what failed.',
  description:
    'A test fails by its own word, by its exit code, by a warning that the kernel prints while it runs, or by its ' +
    'time. The machine fails when it does not say on a channel of its own that it has done everything.',
  exitCodes: [['0', 'everything passed'], ['1', 'something failed'], ...failures],
  options: { ...kernelOptions, ...bootOptions, ...testOptions, ...helpOption },
  execute: async (options, terminal) => {
    const result = await test(options, listener(terminal));
    return report(result, options, terminal);
  },
};

const bisectVerb: Verb = {
  ...testVerb,
  name: 'bisect-run',
  summary: 'The same as test, with exit codes for `git bisect run`.',
  description:
    'git bisect run npx disablenetwork-vm bisect-run --kernel . [OPTION]... A tree that cannot be built is skipped; ' +
    'what is wrong with this machine or the command line ends the bisection.',
  exitCodes: [
    ['0', 'good: everything passed'],
    ['1', 'bad: something failed'],
    ['125', 'skip: the tree does not take the series, the configuration or the compiler'],
    ['255', 'end: the command line is wrong, or this machine lacks something'],
  ],
};

export const verbs: readonly Verb[] = [buildVerb, bootVerb, testVerb, bisectVerb];

const consoleLines = 60;

function report(result: RunResult, options: VmOptions, terminal: Terminal): number {
  const { failed, passed } = countOutcomes(result.suites);
  const good = failed === 0 && passed > 0;
  if (options.junit !== null) writeFileSync(options.junit, writeJunit(result.suites));
  if (!good) {
    const lines = result.console.replace(/\r/g, '').trimEnd().split('\n').slice(-consoleLines);
    terminal.writeError(`--- the end of the kernel's log\n${lines.join('\n')}\n---\n`);
  }
  for (const { name, output } of options.verbose ? result.suites : []) {
    if (output !== '') terminal.writeOutput(`--- ${name}\n${output}---\n`);
  }
  if (options.keep) terminal.writeError(`> the files of the boot: ${result.folder}\n`);
  if (result.coverage !== null) terminal.writeOutput(renderCoverage(result.coverage));
  terminal.writeOutput(renderSummary(result.suites));
  terminal.writeOutput(`${good ? 'passed' : 'FAILED'} in ${describeSeconds(result.seconds)} of guest time\n`);
  return good ? VmExitCode.good : VmExitCode.bad;
}
