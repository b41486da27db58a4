// SPDX-License-Identifier: MIT
import { describeOptions, renderCommandHelp } from '../cli/help';
import { parseArguments, checkPositionals, type OptionDeclarations } from '../cli/parse';
import { printable, renderTable } from '../cli/text';
import { UsageError } from '../cli/usage-error';
import { nearest } from '../options/nearest';
import { VmError } from './errors';
import { exitCodeOf, VmExitCode } from './exit-codes';
import { helpOption, readOptions } from './options';
import type { Terminal } from './terminal';
import { verbs, type Verb } from './verbs';

const program = 'disablenetwork-vm';

const globalOptions: OptionDeclarations = { ...helpOption };

/** Runs the command line and answers its exit code. */
export async function dispatch(args: readonly string[], terminal: Terminal): Promise<number> {
  const bisecting = args[0] === 'bisect-run';
  try {
    return await run(args, terminal);
  } catch (error) {
    const details = error instanceof VmError && error.details !== '' ? `${error.details.trimEnd()}\n` : '';
    const message = error instanceof Error ? error.message : String(error);
    terminal.writeError(`${details}${program}: ${message}\n`);
    if (error instanceof UsageError) return bisecting ? VmExitCode.abort : VmExitCode.usage;
    return exitCodeOf(error, bisecting);
  }
}

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const { flags, positionals } = parseArguments(args, globalOptions, true);
  if (flags.has('help')) {
    terminal.writeOutput(renderHelp(terminal.width));
    return VmExitCode.good;
  }
  const [name, ...rest] = positionals;
  const names = verbs.map((verb) => verb.name);
  if (name === undefined) throw new UsageError(`no command given. Use one of: ${names.join(', ')}, or --help.`);
  const verb = verbs.find((candidate) => candidate.name === name);
  if (verb === undefined) throw new UsageError(`unknown command '${printable(name)}'.${nearest(name, names)}`);
  return runVerb(verb, rest, terminal);
}

async function runVerb(verb: Verb, args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseArguments(args, verb.options);
  if (parsed.flags.has('help')) {
    terminal.writeOutput(renderCommandHelp(verb, terminal.width, program));
    return VmExitCode.good;
  }
  checkPositionals(parsed.positionals, 0);
  return verb.execute(readOptions(parsed), terminal);
}

function renderHelp(width: number): string {
  return [
    `Usage: ${program} COMMAND [OPTION]...\n`,
    'Build a Linux kernel with the series of this package, boot it in QEMU, and test it. No root, no KVM.\n',
    `Commands:\n${renderTable(verbs.map(({ name, summary }) => ['', name, summary]))}`,
    `Options:\n${describeOptions(globalOptions, width)}`,
    `'${program} COMMAND --help' says more.\n`,
  ].join('\n');
}
