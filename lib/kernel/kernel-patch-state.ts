// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';

/**
 * What the kernel patch says of another process, in /proc/PID/attr/disablenetwork/current: for example
 * `network=off nosuid=on`.
 *
 * @returns null when there is no such file: a kernel without the patch, or a process that has ended.
 * `'unreadable'` when it is there and does not say.
 */
export function readKernelPatchState(pid: number, read = readText): { networkOff: boolean } | 'unreadable' | null {
  const text = read(`/proc/${String(pid)}/attr/disablenetwork/current`);
  if (text === null) return null;
  const network = text === undefined ? undefined : /^network=(on|off) nosuid=(?:on|off)\n$/.exec(text)?.[1];
  return network === undefined ? 'unreadable' : { networkOff: network === 'off' };
}

function readText(path: string): string | null | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ESRCH' ? null : undefined;
  }
}
