// SPDX-License-Identifier: MIT
import type { OptionDeclarations } from './parse';
import { renderTable, wrapText } from './text';

/** What a help says of a command. */
export interface CommandDescription {
  readonly name: string;
  /** What follows the name in the usage line. */
  readonly usage: string;
  /** One line for the global help. */
  readonly summary: string;
  /** What else the command's help says, before and after its options. */
  readonly description: string;
  readonly exitCodes: readonly (readonly [code: string, meaning: string])[];
  readonly options: OptionDeclarations;
}

/** The option that every command has. */
export const helpOption: OptionDeclarations = {
  help: { type: 'boolean', short: 'h', description: 'Show this help.' },
};

/** What a program is, as its own help says it. */
export interface ProgramDescription {
  readonly name: string;
  /** One sentence. */
  readonly purpose: string;
  readonly manual: string;
}

/** What `PROGRAM --help` says. */
export function renderHelp(
  { name, purpose, manual }: ProgramDescription,
  commands: readonly CommandDescription[],
  globalOptions: OptionDeclarations,
  width: number,
): string {
  return [
    `Usage: ${name} COMMAND [OPTION]...\n`,
    `${purpose}\n`,
    `Commands:\n${renderTable(commands.map((command) => ['', command.name, command.summary]))}`,
    `Options:\n${describeOptions(globalOptions, width)}`,
    `'${name} COMMAND --help' says more${manual}.\n`,
  ].join('\n');
}

/** What `PROGRAM COMMAND --help` says. */
export function renderCommandHelp(command: CommandDescription, width: number, program: string): string {
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
