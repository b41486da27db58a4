// SPDX-License-Identifier: MIT
import { createHash } from 'node:crypto';

/** Changes when what the row does or says changes: a result that was recorded before is stale then. */
export function fingerprintOf(row: object): string {
  const fields = Object.entries(row).map(([name, value]) => [
    name,
    typeof value === 'function' ? String(value) : (value as unknown),
  ]);
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex').slice(0, 8);
}
