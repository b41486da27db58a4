// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { seriesFolder } from './folders';

/** Who signs the patches off and maintains the module. */
export interface Identity {
  readonly name: string;
  readonly mail: string;
}

/** @param text - `Name <mail>`; without it, what series/identity.txt holds. */
export function parseIdentity(text = readFileSync(path.join(seriesFolder, 'identity.txt'), 'utf8')): Identity {
  const parts = /^(.+) <(\S+@\S+)>$/.exec(text.trim());
  const [, name, mail] = parts ?? [];
  if (name === undefined || mail === undefined) throw new Error(`an identity is 'Name <mail>', not '${text.trim()}'`);
  return { name, mail };
}

export function formatIdentity({ name, mail }: Identity): string {
  return `${name} <${mail}>`;
}
