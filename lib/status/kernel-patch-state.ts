// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';

/**
 * What the kernel patch says of another process, in /proc/PID/attr/disablenetwork/current: for example
 * `network=off nosuid=on`.
 *
 * @returns null on a kernel without the patch, or when the file cannot be read.
 */
export function readKernelPatchState(pid: number, read = readText): { networkOff: boolean } | null {
  const text = read(`/proc/${String(pid)}/attr/disablenetwork/current`);
  const network = text === null ? undefined : /^network=(on|off) nosuid=(?:on|off)\n$/.exec(text)?.[1];
  return network === undefined ? null : { networkOff: network === 'off' };
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null; // Without the patch there is no such folder, and the process may end meanwhile.
  }
}
