// SPDX-License-Identifier: MIT
import type { KernelSupport, Mechanism } from '../types';
import { jsonOption, renderJson, type Command } from './command';
import { helpOption } from '../command-line/help';
import type { CommandContext } from './context';
import { ExitCode } from './exit-codes';
import { checkPositionals, type ParsedArguments } from '../command-line/parse';
import { renderTable, wrapText } from '../command-line/text';

export const checkCommand: Command = {
  name: 'check',
  usage: '[OPTION]...',
  summary: 'Say what this kernel offers, and what to do about what it lacks.',
  description: 'Asks the kernel for each mechanism and changes nothing. The output is what a bug report needs.',
  exitCodes: [
    ['0', 'there is a provider: the network can be disabled here'],
    ['1', 'there is none'],
    ['2', 'the command line is wrong'],
    ['125', 'disablenetwork itself failed'],
  ],
  options: { ...jsonOption, ...helpOption },
  execute,
};

function execute(parsed: ParsedArguments, context: CommandContext): number {
  checkPositionals(parsed.positionals, 0);
  const support = context.kernelSupport();
  const { packageVersion, nodeVersion, libc } = context;
  context.writeOutput(
    parsed.flags.has('json')
      ? renderJson({ packageVersion, nodeVersion, libc, ...support })
      : describeSupport(support, context),
  );
  return support.provider === null ? ExitCode.no : ExitCode.success;
}

function describeSupport(support: KernelSupport, context: CommandContext): string {
  const sandbox = support.sandbox === null ? '' : `, so says ${support.sandbox}, which stands in for it`;
  const facts = renderTable([
    ['disablenetwork', context.packageVersion],
    ['Node', context.nodeVersion],
    ['kernel', `${support.platform} ${support.kernelRelease} ${support.architecture}${sandbox}`],
    ['C library', context.libc],
    ['provider', support.provider ?? 'none: disableNetwork() throws here'],
    ['Landlock ABI', support.landlockAbi === 0 ? 'none' : String(support.landlockAbi)],
  ]);
  return `${facts}\n${support.mechanisms.map((mechanism) => describeMechanism(mechanism, context.width)).join('')}`;
}

const stateNames: Readonly<Record<Mechanism['state'], string>> = {
  active: 'Active',
  degraded: 'Degraded',
  absent: 'Absent',
};

function describeMechanism({ name, state, reason, remedy }: Mechanism, width: number): string {
  const indent = 10;
  const advice = remedy === null ? '' : wrapText(`To do: ${remedy}`, width, indent);
  return `${stateNames[state].padEnd(indent)}${name}\n${wrapText(reason, width, indent)}${advice}`;
}
