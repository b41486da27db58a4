// SPDX-License-Identifier: MIT
import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { ListedProcess } from './context';
import { splitAtNul } from './run/exact-bytes';

/** Every process that /proc shows, by process id. */
export function listProcesses(): readonly ListedProcess[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .sort((a, b) => a - b)
    .map((pid) => ({ pid, command: readCommand(pid) }));
}

// Not existsSync(): with hidepid=noaccess access(2) answers EPERM for what stat(2) shows.
export function processExists(pid: number): boolean {
  return statSync(`/proc/${String(pid)}`, { throwIfNoEntry: false }) !== undefined;
}

/** Whether /proc is mounted with hidepid. Process 1 always exists: not to see it is to see only one's own. */
export function areProcessesHidden(): boolean {
  return !processExists(1);
}

// A process that has ended, or that may not be looked into, has no command line to show.
function readCommand(pid: number): readonly string[] {
  try {
    return splitAtNul(readFileSync(`/proc/${String(pid)}/cmdline`)).map(String);
  } catch {
    return [];
  }
}
