// SPDX-License-Identifier: MIT
import { chooseCommand } from '../../lib/command-line/choose';
import { helpOption, renderCommandHelp, renderHelp } from '../../lib/command-line/help';
import { parseArguments, checkPositionals, type OptionDeclarations } from '../../lib/command-line/parse';
import { VmExitCode } from '../exit-codes';
import { readOptions } from '../options';
import { explainError } from './explain-error';
import type { Terminal } from './terminal';
import { verbs } from './verbs';

const program = {
  name: 'disablenetwork-vm',
  purpose: 'Build a Linux kernel with the series of this package, boot it in QEMU, and test it. No root, no KVM.',
  manual: '',
};

const globalOptions: OptionDeclarations = { ...helpOption };

/** Runs the command line and answers its exit code. */
export async function dispatch(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await run(args, terminal);
  } catch (error) {
    return explainError(error, program.name, terminal, args[0] === 'bisect-run');
  }
}

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const { flags, positionals } = parseArguments(args, globalOptions, true);
  if (flags.has('help')) {
    terminal.writeOutput(renderHelp(program, verbs, globalOptions, terminal.width));
    return VmExitCode.good;
  }
  const [name, ...rest] = positionals;
  const verb = chooseCommand(name, verbs);
  const parsed = parseArguments(rest, verb.options);
  if (parsed.flags.has('help')) {
    terminal.writeOutput(renderCommandHelp(verb, terminal.width, program.name));
    return VmExitCode.good;
  }
  checkPositionals(parsed.positionals, 0);
  return verb.execute(readOptions(parsed), terminal);
}
