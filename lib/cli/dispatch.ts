// SPDX-License-Identifier: MIT
import { DisableNetworkError } from '../errors';
import { checkCommand } from './check-command';
import type { Command } from './command';
import type { CommandContext } from './context';
import { ExitCode } from './exit-codes';
import { chooseCommand } from '../command-line/choose';
import { helpOption, renderCommandHelp, renderHelp } from '../command-line/help';
import { parseArguments, type OptionDeclarations } from '../command-line/parse';
import { psCommand } from './ps-command';
import { runCommand } from './run/run-command';
import { statusCommand } from './status-command';
import { UsageError } from '../command-line/usage-error';

const program = {
  name: 'disablenetwork',
  purpose: 'Take the network away from a process, all its threads and all its descendants, for good.',
  manual: '; so does the manual page disablenetwork(1)',
};

export const commands: readonly Command[] = [runCommand, checkCommand, statusCommand, psCommand];

export const globalOptions: OptionDeclarations = {
  ...helpOption,
  version: { type: 'boolean', short: 'V', description: 'Show the version.' },
};

/** Runs the command line and returns its exit code; `run` does not return when it succeeds. */
export function dispatch(args: readonly string[], context: CommandContext): number {
  try {
    return runGlobal(args, context);
  } catch (error) {
    if (error instanceof UsageError) {
      context.writeError(`disablenetwork: ${error.message}\n`);
      return ExitCode.usage;
    }
    context.writeError(`disablenetwork: ${describeFailure(error)}\n`);
    return ExitCode.failure;
  }
}

function runGlobal(args: readonly string[], context: CommandContext): number {
  const { flags, positionals } = parseArguments(args, globalOptions, true);
  if (flags.has('help')) {
    context.writeOutput(renderHelp(program, commands, globalOptions, context.width));
    return ExitCode.success;
  }
  if (flags.has('version')) {
    context.writeOutput(`${context.packageVersion}\n`);
    return ExitCode.success;
  }
  const [name, ...rest] = positionals;
  const command = chooseCommand(name, commands);
  return runNamed(command, rest, context);
}

function runNamed(command: Command, args: readonly string[], context: CommandContext): number {
  const parsed = parseArguments(args, command.options, command.stopAtPositional);
  if (parsed.flags.has('help')) {
    context.writeOutput(renderCommandHelp(command, context.width, program.name));
    return ExitCode.success;
  }
  return command.execute(parsed, context);
}

function describeFailure(error: unknown): string {
  if (error instanceof DisableNetworkError) {
    return `${error.message} (${error.code})`;
  }
  return error instanceof Error ? error.message : String(error);
}
