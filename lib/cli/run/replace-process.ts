// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { loadBinding } from '../../native/load';
import { exactArguments, splitAtNul } from './exact-bytes';

/** Replaces this process by `file`; returns only on failure, with -errno. */
export function replaceProcess(file: string, args: readonly string[], descriptors: readonly number[]): number {
  const argumentBytes = exactArguments(args, readFileSync('/proc/self/cmdline'));
  // As it was at the start: Node itself takes NODE_CHANNEL_FD out of process.env.
  const environment = splitAtNul(readFileSync('/proc/self/environ'));
  return loadBinding().execute(file, argumentBytes, environment, descriptors);
}
