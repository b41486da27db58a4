// SPDX-License-Identifier: MIT

/** The numbers of env(1) and timeout(1) where they have one. */
export const ExitCode = {
  success: 0,
  /** `check`: there is no provider. `status`: the network is on. */
  no: 1,
  /** The command line is wrong; nothing was done. */
  usage: 2,
  /** `status`: it cannot be told. */
  unknown: 3,
  /** disablenetwork itself failed; for `run`: the command was not started. */
  failure: 125,
  /** `run`: the command was found and cannot be executed. */
  cannotExecute: 126,
  /** `run`: the command was not found. */
  notFound: 127,
} as const;
