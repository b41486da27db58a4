// SPDX-License-Identifier: MIT
import { nearest } from '../options/nearest';
import type { CommandDescription } from './help';
import { printable } from './text';
import { UsageError } from './usage-error';

/** The command of that name; else a {@link UsageError} that lists them. */
export function chooseCommand<Command extends Pick<CommandDescription, 'name'>>(
  name: string | undefined,
  commands: readonly Command[],
): Command {
  const names = commands.map((command) => command.name);
  if (name === undefined) {
    throw new UsageError(`no command given. Use one of: ${names.join(', ')}, or --help.`);
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    throw new UsageError(`unknown command '${printable(name)}'.${nearest(name, names)}`);
  }
  return command;
}
