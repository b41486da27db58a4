// SPDX-License-Identifier: MIT
import { UsageError } from '../../lib/command-line/usage-error';
import { VmError } from '../errors';
import { exitCodeOf, VmExitCode } from '../exit-codes';
import type { Terminal } from './terminal';

/** Says what has ended a command, and answers its exit code. */
export function explainError(error: unknown, program: string, terminal: Terminal, bisecting: boolean): number {
  const details = error instanceof VmError && error.details !== '' ? `${error.details.trimEnd()}\n` : '';
  const message = error instanceof Error ? error.message : String(error);
  terminal.writeError(`${details}${program}: ${message}\n`);
  if (error instanceof UsageError) return bisecting ? VmExitCode.abort : VmExitCode.usage;
  return exitCodeOf(error, bisecting);
}
