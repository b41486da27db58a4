// SPDX-License-Identifier: MIT
import { constants } from 'node:os';
import { nameOfErrno } from '../../system-error';
import type { CommandContext } from '../context';
import { ExitCode } from '../exit-codes';
import { printable } from '../../command-line/text';

const { ENOENT, ENOTDIR, EACCES, ENOEXEC } = constants.errno;

// What the C library searches when PATH is not set.
const defaultPath = '/bin:/usr/bin';

/**
 * Replaces this process by the command, found as execvp(3) finds it: each folder of PATH in turn,
 * and a file that is no program is given to the shell. Returns only on failure, with the exit code.
 */
export function executeCommand(
  command: readonly string[],
  descriptors: readonly number[],
  context: CommandContext,
): number {
  const [name = '', ...rest] = command;
  let failure: number = -ENOENT;
  for (const file of listCandidates(name, context.path)) {
    let error = context.execute(file, command, descriptors);
    if (error === -ENOEXEC) {
      error = context.execute('/bin/sh', ['/bin/sh', file, ...rest], descriptors);
    }
    if (error === -ENOENT && context.fileExists(file)) {
      return refuse(context, name, 'its interpreter does not exist', ExitCode.cannotExecute);
    }
    if (error !== -ENOENT && error !== -ENOTDIR) {
      failure = error;
      // A later folder may hold one that can be executed; the shell goes on searching, too.
      if (error !== -EACCES) {
        break;
      }
    }
  }
  return failure === -ENOENT
    ? refuse(context, name, 'command not found', ExitCode.notFound)
    : refuse(context, name, `cannot be executed: ${nameOfErrno(failure)}`, ExitCode.cannotExecute);
}

function listCandidates(name: string, path: string | undefined): readonly string[] {
  if (name === '') {
    return [];
  }
  if (name.includes('/')) {
    return [name];
  }
  // An empty folder in PATH is the current one.
  return (path ?? defaultPath).split(':').map((folder) => `${folder === '' ? '.' : folder}/${name}`);
}

function refuse(context: CommandContext, name: string, reason: string, exitCode: number): number {
  context.writeError(`disablenetwork: '${printable(name)}': ${reason}\n`);
  return exitCode;
}
