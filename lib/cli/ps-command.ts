// SPDX-License-Identifier: MIT
import type { NetworkStatusOptions } from '../api/network-status';
import type { NetworkStatus } from '../types';
import { askStatus } from './ask-status';
import { inspectAdvice, inspectOption, jsonOption, renderJson, type Command } from './command';
import { helpOption } from '../command-line/help';
import type { CommandContext, ListedProcess } from './context';
import { ExitCode } from './exit-codes';
import { checkPositionals, type ParsedArguments } from '../command-line/parse';
import { printable, renderTable } from '../command-line/text';

export const psCommand: Command = {
  name: 'ps',
  usage: '[OPTION]...',
  summary: 'List the processes whose network is off, or whose state is unknown.',
  description:
    'Walks /proc. A process that cannot be judged is listed as unknown with the reason; one that ' +
    'ends meanwhile is left out.',
  exitCodes: [
    ['0', 'the list is complete as far as /proc shows processes to you'],
    ['2', 'the command line is wrong'],
    ['125', 'disablenetwork itself failed'],
  ],
  options: { ...inspectOption, ...jsonOption, ...helpOption },
  execute,
};

/** One line of the list, and one object of its JSON. */
interface Row {
  readonly pid: number;
  readonly command: readonly string[];
  readonly network: NetworkStatus['network'];
  readonly provider: NetworkStatus['provider'];
  readonly unixSockets: NetworkStatus['unixSockets'];
  readonly reason: string;
}

function execute(parsed: ParsedArguments, context: CommandContext): number {
  checkPositionals(parsed.positionals, 0);
  const options = { inspect: parsed.flags.has('inspect') };
  const rows = context.listProcesses().flatMap((listed) => judge(listed, options, context));
  const hidden = context.areProcessesHidden();
  if (parsed.flags.has('json')) {
    context.writeOutput(renderJson({ processes: rows, otherUsersHidden: hidden }));
    return ExitCode.success;
  }
  context.writeOutput(rows.length === 0 ? 'no process has its network off\n' : describeRows(rows, options));
  if (hidden) {
    context.writeError("disablenetwork: /proc hides other users' processes (hidepid): run this as root to see them\n");
  }
  return ExitCode.success;
}

function judge(listed: ListedProcess, options: NetworkStatusOptions, context: CommandContext): readonly Row[] {
  const { pid, command } = listed;
  const { network, provider, unixSockets, reason } = askStatus(pid, options, context);
  const listable = network === 'disabled' || (network === 'unknown' && context.processExists(pid));
  return listable ? [{ pid, command, network, provider, unixSockets, reason }] : [];
}

function describeRows(rows: readonly Row[], { inspect }: { inspect: boolean }): string {
  const lines = rows.map(({ pid, network, provider, unixSockets, command }) => [
    String(pid).padStart(7),
    network,
    provider ?? '-',
    unixSockets ?? '-',
    shorten(printable(command.join(' '))),
  ]);
  const header = ['    PID', 'NETWORK', 'PROVIDER', 'UNIX', 'COMMAND'];
  const unknown = rows.filter(({ network }) => network === 'unknown');
  const advice = inspect || unknown.length === 0 ? '' : inspectAdvice;
  return renderTable([header, ...lines]) + describeReasons(unknown) + advice;
}

// Many processes share one reason, which is a sentence: it stands once, below the table.
function describeReasons(rows: readonly Row[]): string {
  const reasons = new Map<string, number[]>();
  for (const { reason, pid } of rows) {
    reasons.set(reason, [...(reasons.get(reason) ?? []), pid]);
  }
  return [...reasons].map(([reason, pids]) => `unknown (${describePids(pids)}): ${printable(reason)}\n`).join('');
}

const mostPids = 10;

function describePids(pids: readonly number[]): string {
  return pids.length > mostPids ? `${String(pids.length)} processes` : pids.join(', ');
}

const longestCommand = 60;

function shorten(text: string): string {
  return text.length > longestCommand ? `${text.slice(0, longestCommand - 3)}...` : text;
}
