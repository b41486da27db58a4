// SPDX-License-Identifier: MIT
import type { Command } from './command';
import type { OptionDeclarations } from './parse';
import { renderTable, wrapText } from './text';

/** What `disablenetwork --help` says. */
export function renderHelp(commands: readonly Command[], globalOptions: OptionDeclarations, width: number): string {
  return [
    'Usage: disablenetwork COMMAND [OPTION]...\n',
    'Take the network away from a process, all its threads and all its descendants, for good.\n',
    `Commands:\n${renderTable(commands.map(({ name, summary }) => ['', name, summary]))}`,
    `Options:\n${describeOptions(globalOptions, width)}`,
    "'disablenetwork COMMAND --help' says more; so does the manual page disablenetwork(1).\n",
  ].join('\n');
}

/** What `disablenetwork COMMAND --help` says. */
export function renderCommandHelp(
  command: Omit<Command, 'execute'>,
  width: number,
  program = 'disablenetwork',
): string {
  return [
    `Usage: ${program} ${command.name} ${command.usage}\n`,
    wrapText(command.description, width, 0),
    `Options:\n${describeOptions(command.options, width)}`,
    `Exit codes:\n${renderTable(command.exitCodes.map((row) => ['', ...row]))}`,
  ].join('\n');
}

/** The options as every help shows them. */
export function describeOptions(options: OptionDeclarations, width: number): string {
  return Object.entries(options)
    .map(([name, { short, value, description }]) => {
      const shortForm = short === undefined ? '' : `-${short}, `;
      const valueForm = value === undefined ? '' : ` ${value}`;
      return `  ${shortForm}--${name}${valueForm}\n${wrapText(description, width, 6)}`;
    })
    .join('');
}
