// SPDX-License-Identifier: MIT
import { constants } from 'node:os';
import { getSystemErrorName } from 'node:util';
import { DisableNetworkError, type DisableNetworkErrorCode } from './errors';

/** What to do when /proc cannot be read. */
export const procAdvice = 'disablenetwork reads /proc to see what is open: mount it in this process’s pid namespace.';

/** The name of a negative errno as the kernel gave it, for example `EPERM`. */
export function nameOfErrno(errno: number): string {
  try {
    return getSystemErrorName(errno);
  } catch {
    return `errno ${String(-errno)}`;
  }
}

const { E2BIG, EAGAIN, EBUSY, EMFILE, ENFILE, ENOMEM, ESRCH } = constants.errno;

const files =
  'This process has as many files open as it may: raise RLIMIT_NOFILE (ulimit -n, LimitNOFILE= of systemd) or close ' +
  'some: a drop takes 16 for a moment, and two more for each event loop of Node 22 and newer.';
const everyFile = 'All processes together have as many files open as they may: raise fs.file-max with sysctl.';
const processes =
  'No process or thread can be added: raise RLIMIT_NPROC (ulimit -u), pids.max of the cgroup, or kernel.threads-max.';
const signals = 'No signal can be queued: raise RLIMIT_SIGPENDING (ulimit -i).';
const memory =
  'The kernel has no memory for it: raise memory.max of the cgroup, or vm.max_map_count where there are many mappings.';
const lockedMemory = 'The kernel may lock no more memory for it: raise RLIMIT_MEMLOCK (ulimit -l).';
const filters = 'The filters in force are too long to add one (32768 instructions in all), or memory is short.';
const domains =
  'The limit of 16 Landlock domains is reached: this process or its parents restricted themselves before.';

/** What an errno means whatever the call was, and what to do; else for one call. */
const everyCall: ReadonlyMap<number, string> = new Map([
  [EMFILE, files],
  [ENFILE, everyFile],
  [EAGAIN, processes],
  [ENOMEM, memory],
  [E2BIG, domains],
]);

const oneCall: Readonly<Partial<Record<string, ReadonlyMap<number, string>>>> = {
  tgkill: new Map([
    [EAGAIN, signals],
    [EBUSY, 'A thread has not answered an earlier call yet.'],
    [ESRCH, '/proc belongs to another pid namespace: mount the one of this process.'],
  ]),
  io_uring_setup: new Map([
    [ENOMEM, lockedMemory],
    [EAGAIN, 'Threads kept making or ending io_urings: call when no Worker starts or ends.'],
  ]),
  seccomp: new Map([[ENOMEM, filters]]),
  // Either of the two, for the trial makes both calls.
  trial: new Map([[ENOMEM, `${memory} Or the filters in force are too long to add one (32768 instructions in all).`]]),
};

/**
 * The limit that an errno says was reached, and how to raise it; null when the errno says no such
 * thing.
 *
 * @param errno - Negative, as the kernel gave it.
 * @param syscall - The call that gave it: EAGAIN for example means another limit for each.
 */
export function adviceFor(errno: number, syscall: string): string | null {
  return oneCall[syscall]?.get(-errno) ?? everyCall.get(-errno) ?? null;
}

/** Whether the errno speaks of the moment, or of a limit that can be raised, and not of the kernel. */
export function isShortage(errno: number): boolean {
  return [EMFILE, ENFILE, EAGAIN, ENOMEM].includes(-errno);
}

/**
 * An error that a system call answered; `errno` is negative.
 *
 * @param advice - What is said when the errno says nothing better.
 */
export function systemError(
  code: DisableNetworkErrorCode,
  syscall: string,
  errno: number,
  advice: string,
): DisableNetworkError {
  const limit = adviceFor(errno, syscall);
  // What has been done already, and what is to be done about that, has to be said in any case.
  const state = code === 'ERR_DISABLENETWORK_PARTIAL' ? advice : 'Nothing was changed.';
  const what = limit === null ? advice : `${limit} ${state}`;
  return new DisableNetworkError(code, `${syscall} failed: ${nameOfErrno(errno)}. ${what}`, { errno, syscall });
}
