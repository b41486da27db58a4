// SPDX-License-Identifier: MIT
// A program of one command, with the errors and exit codes of disablenetwork-vm.
import { describeOptions } from '../../lib/command-line/help';
import {
  checkPositionals,
  parseArguments,
  type OptionDeclarations,
  type ParsedArguments,
} from '../../lib/command-line/parse';
import { VmExitCode } from '../exit-codes';
import { explainError } from './explain-error';
import { openTerminal, type Terminal } from './terminal';

type Execute = (parsed: ParsedArguments, terminal: Terminal) => Promise<number>;

export function runAlone(name: string, options: OptionDeclarations, execute: Execute): void {
  const terminal = openTerminal();
  void run(name, options, execute, terminal)
    .catch((error: unknown) => explainError(error, name, terminal, false))
    .then((code) => {
      process.exitCode = code;
    });
}

async function run(name: string, options: OptionDeclarations, execute: Execute, terminal: Terminal): Promise<number> {
  const parsed = parseArguments(process.argv.slice(2), options);
  if (parsed.flags.has('help')) {
    terminal.writeOutput(`Usage: ${name} [OPTION]...\n\n${describeOptions(options, terminal.width)}`);
    return VmExitCode.good;
  }
  checkPositionals(parsed.positionals, 0);
  return execute(parsed, terminal);
}
