// SPDX-License-Identifier: MIT
import type { NetworkStatus } from '../types';
import { askStatus } from './ask-status';
import { inspectAdvice, inspectOption, jsonOption, renderJson, type Command } from './command';
import { helpOption } from '../command-line/help';
import type { CommandContext } from './context';
import { ExitCode } from './exit-codes';
import { checkPositionals, type ParsedArguments } from '../command-line/parse';
import { printable } from '../command-line/text';
import { UsageError } from '../command-line/usage-error';

export const statusCommand: Command = {
  name: 'status',
  usage: '[OPTION]... [PID]',
  summary: 'Say whether a process has its network off, and by what.',
  description:
    'Without PID, it reports on the current process, that is, on what a command started from here inherits. ' +
    'Another process can be judged only by what /proc shows of it, unless --inspect is given.',
  exitCodes: [
    ['0', 'the network is off'],
    ['1', 'the network is on'],
    ['2', 'the command line is wrong'],
    ['3', 'it cannot be told, there is no such process, or a drop there did not end'],
    ['125', 'disablenetwork itself failed'],
  ],
  options: { ...inspectOption, ...jsonOption, ...helpOption },
  execute,
};

const exitCodes: Readonly<Record<NetworkStatus['network'], number>> = {
  disabled: ExitCode.success,
  enabled: ExitCode.no,
  partial: ExitCode.unknown,
  unknown: ExitCode.unknown,
};

function execute(parsed: ParsedArguments, context: CommandContext): number {
  checkPositionals(parsed.positionals, 1);
  const pid = readPid(parsed.positionals[0]);
  if (pid !== undefined && !context.processExists(pid)) {
    context.writeError(`disablenetwork: there is no process ${String(pid)}, or /proc hides it\n`);
    return ExitCode.unknown;
  }
  const inspect = parsed.flags.has('inspect');
  const status = askStatus(pid, { inspect }, context);
  const advice = status.network === 'unknown' && !inspect ? inspectAdvice : '';
  context.writeOutput(parsed.flags.has('json') ? renderJson(status) : describeStatus(status) + advice);
  return exitCodes[status.network];
}

// Linux itself allows no process id above 2^22.
function readPid(text: string | undefined): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const pid = /^[1-9]\d{0,6}$/.test(text) ? Number(text) : Infinity;
  if (pid > 2 ** 22) {
    throw new UsageError(`'${printable(text)}' is no process id. Write a whole number above 0.`);
  }
  return pid;
}

function describeStatus({ pid, network, provider, unixSockets, reason }: Omit<NetworkStatus, 'threads'>): string {
  const by = provider === null ? '' : ` by ${provider}`;
  const sockets = unixSockets === null ? '' : `, Unix sockets ${unixSockets}`;
  return `${String(pid)}: network ${network}${by}${sockets}\n  ${printable(reason)}\n`;
}
