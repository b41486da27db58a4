// SPDX-License-Identifier: MIT
import { VmError } from './errors';

export const VmExitCode = {
  good: 0,
  bad: 1,
  usage: 2,
  /** For `git bisect run`: this commit cannot be tested. For the other verbs: no kernel to boot. */
  skip: 125,
  /** For `git bisect run`: stop. Anything up to 127 would be taken for a bad commit. */
  abort: 255,
} as const;

/** The exit code for an error that ended a verb. */
export function exitCodeOf(error: unknown, bisecting: boolean): number {
  if (!bisecting) return VmExitCode.skip;
  const blamesTree = error instanceof VmError && ['source', 'config', 'build'].includes(error.kind);
  return blamesTree ? VmExitCode.skip : VmExitCode.abort;
}
