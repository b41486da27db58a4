// SPDX-License-Identifier: MIT
import { DisableNetworkError } from '../../errors';
import { renderJson, type Command } from '../command';
import { helpOption } from '../../command-line/help';
import type { CommandContext } from '../context';
import { describeReceipt, describeResiduals } from './describe-receipt';
import { executeCommand } from './execute-command';
import { ExitCode } from '../exit-codes';
import type { ParsedArguments } from '../../command-line/parse';
import type { DisableNetworkOptions } from '../../types';
import { readRunOptions, runOptionDeclarations } from './run-options';
import { UsageError } from '../../command-line/usage-error';

export const runCommand: Command = {
  name: 'run',
  usage: '[OPTION]... [--] COMMAND [ARGUMENT]...',
  summary: 'Disable the network, then become COMMAND.',
  description:
    'Disables the network for good and executes COMMAND in the same process: its process id, ' +
    'exit code, signals and standard streams are its own. If the drop fails, COMMAND is not started.',
  exitCodes: [
    ['2', 'the command line is wrong'],
    ['125', 'the drop failed, or disablenetwork itself'],
    ['126', 'COMMAND was found and cannot be executed'],
    ['127', 'COMMAND was not found'],
    ['else', "COMMAND's own"],
  ],
  options: { ...runOptionDeclarations, ...helpOption },
  stopAtPositional: true,
  execute,
};

function execute(parsed: ParsedArguments, context: CommandContext): number {
  const options = readRunOptions(parsed);
  if (parsed.positionals.length === 0) {
    throw new UsageError('no command to run. Write: disablenetwork run [OPTION]... -- COMMAND [ARGUMENT]...');
  }
  const inherited = context.listInherited();
  const receipt = drop(options, parsed, context);
  if (receipt === null) return ExitCode.failure;
  // In the place of what was closed stands something that is of no use to the command.
  const closed = new Set(receipt.closed.map(({ fd }) => fd));
  const descriptors = inherited.filter((fd) => !closed.has(fd));
  return executeCommand(parsed.positionals, descriptors, context);
}

// Null means that the drop was refused, and that this was said.
function drop(options: DisableNetworkOptions, { values, flags }: ParsedArguments, context: CommandContext) {
  const receiptPath = values.get('receipt');
  const receiptFile = receiptPath === undefined ? null : context.openReceipt(receiptPath);
  try {
    const receipt = context.disableNetwork(options);
    receiptFile?.write(renderJson(receipt));
    if (flags.has('verbose')) context.writeError(describeReceipt(receipt));
    return receipt;
  } catch (error) {
    if (!(error instanceof DisableNetworkError) || error.code !== 'ERR_DISABLENETWORK_RESIDUALS') throw error;
    context.writeError(describeResiduals(error.residuals));
    return null;
  }
}
