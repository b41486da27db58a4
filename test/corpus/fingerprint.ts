// SPDX-License-Identifier: MIT
import { createHash } from 'node:crypto';

/** Changes when what the row does or says changes, or what is expected of it: it has to run again then. */
export function fingerprintOf(row: object, expected: string): string {
  const fields = Object.entries(row).map(([name, value]) => [
    name,
    typeof value === 'function' ? String(value) : (value as unknown),
  ]);
  return createHash('sha256')
    .update(JSON.stringify([...fields, expected]))
    .digest('hex')
    .slice(0, 8);
}
