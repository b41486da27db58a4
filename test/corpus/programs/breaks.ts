// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Of each program that breaks somewhere, by its id: why, and what to do instead. */
export const breaks = JSON.parse(readFileSync(join(__dirname, 'breaks.json'), 'utf8')) as Readonly<
  Record<string, { readonly reason: string; readonly remedy: string }>
>;
