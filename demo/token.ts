// SPDX-License-Identifier: MIT
import { randomBytes } from 'node:crypto';

/** Text that occurs nowhere else, so that seeing it proves where it came from. */
export function newToken(): string {
  return randomBytes(8).toString('hex');
}
