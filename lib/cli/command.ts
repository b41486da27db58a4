// SPDX-License-Identifier: MIT
import type { CommandContext } from './context';
import type { OptionDeclarations, ParsedArguments } from './parse';

/** One of the program's commands: what the help says of it, and what it does. */
export interface Command {
  readonly name: string;
  /** What follows the name in the usage line. */
  readonly usage: string;
  /** One line for the global help. */
  readonly summary: string;
  /** What else the command's help says, before and after its options. */
  readonly description: string;
  readonly exitCodes: readonly (readonly [code: string, meaning: string])[];
  readonly options: OptionDeclarations;
  /** Everything from the first positional on belongs to a command that is to be run. */
  readonly stopAtPositional?: boolean;
  /** Returns the exit code. */
  execute(parsed: ParsedArguments, context: CommandContext): number;
}

/** The option that every command has. */
export const helpOption: OptionDeclarations = {
  help: { type: 'boolean', short: 'h', description: 'Show this help.' },
};

export const jsonOption: OptionDeclarations = {
  json: { type: 'boolean', description: 'Write JSON instead of text.' },
};

export const inspectOption: OptionDeclarations = {
  inspect: {
    type: 'boolean',
    description:
      'Read the filters of other processes out of the kernel, which makes the answer certain. Needs ' +
      'CAP_SYS_ADMIN and stops each of their threads for a moment, as a debugger would.',
  },
};

/** What to say below an answer that {@link inspectOption} would make certain. */
export const inspectAdvice = 'With --inspect the kernel is asked for the filters; it needs CAP_SYS_ADMIN.\n';

/** JSON as every command writes it. */
export function renderJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
