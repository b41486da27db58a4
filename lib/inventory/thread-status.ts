// SPDX-License-Identifier: MIT
import { DisableNetworkError } from '../errors';
import type { RawThread } from '../native/binding';
import type { ThreadState } from '../types';

// Bits of `flags` in /proc/PID/stat (include/linux/sched.h): io_uring's workers and those of vhost.
const workerFlags = 0x00000010n | 0x00004000n;

/** Reads what the kernel says of one thread. Text that is not the kernel's is an error, never a guess. */
export function parseThreadStatus({ tid, status, stat }: RawThread): ThreadState {
  const noNewPrivileges = readField(status, 'NoNewPrivs');
  const filters = readField(status, 'Seccomp_filters');
  return {
    tid,
    name: readField(status, 'Name') ?? fail(tid, 'the Name line is missing'),
    noNewPrivileges: noNewPrivileges === null ? null : readNumber(tid, 'NoNewPrivs', noNewPrivileges, 1) === 1,
    seccompMode: readNumber(tid, 'Seccomp', readField(status, 'Seccomp'), 2),
    seccompFilters: filters === null ? null : readNumber(tid, 'Seccomp_filters', filters, 0x7fff_ffff),
    kernelWorker: isKernelWorker(tid, stat),
  };
}

/** A line of /proc/PID/status; the kernel writes a line break in a thread's name as `\n`. */
function readField(status: string, name: string): string | null {
  const start = `${name}:\t`;
  return (
    status
      .split('\n')
      .find((line) => line.startsWith(start))
      ?.slice(start.length) ?? null
  );
}

function readNumber(tid: number, name: string, text: string | null, most: number): number {
  if (text === null) return fail(tid, `the ${name} line is missing`);
  if (!/^\d{1,10}$/.test(text) || Number(text) > most) return fail(tid, `the ${name} line is '${excerpt(text)}'`);
  return Number(text);
}

/**
 * Field 2 of /proc/PID/stat is the name, in parentheses and as the thread gave it: with spaces,
 * parentheses, line breaks. No later field has a parenthesis, so the last one ends the name.
 */
function isKernelWorker(tid: number, stat: string): boolean {
  const start = `${tid} (`;
  const end = stat.lastIndexOf(') ');
  const flags = stat.slice(end + 2).split(' ')[6];
  if (!stat.startsWith(start) || end < start.length || flags === undefined || !/^\d{1,10}$/.test(flags)) {
    return fail(tid, `the stat line is '${excerpt(stat)}'`);
  }
  return (BigInt(flags) & workerFlags) !== 0n;
}

function excerpt(text: string): string {
  return JSON.stringify(text.slice(0, 80)).slice(1, -1);
}

function fail(tid: number, what: string): never {
  throw new DisableNetworkError(
    'ERR_DISABLENETWORK_KERNEL',
    `/proc says nothing usable about thread ${tid}: ${what}. It takes Linux with CONFIG_SECCOMP, and /proc mounted.`,
  );
}
