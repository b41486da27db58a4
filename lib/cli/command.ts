// SPDX-License-Identifier: MIT
import type { CommandContext } from './context';
import type { CommandDescription } from '../command-line/help';
import type { OptionDeclarations, ParsedArguments } from '../command-line/parse';

/** One of the program's commands: what the help says of it, and what it does. */
export interface Command extends CommandDescription {
  /** Everything from the first positional on belongs to a command that is to be run. */
  readonly stopAtPositional?: boolean;
  /** Returns the exit code. */
  execute(parsed: ParsedArguments, context: CommandContext): number;
}

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
