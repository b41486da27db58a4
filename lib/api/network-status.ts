// SPDX-License-Identifier: MIT
import { errno } from '../native/constants';
import { freezeDeeply } from '../drop/freeze';
import { DisableNetworkError } from '../errors';
import type { NativeBinding } from '../native/binding';
import { loadBinding } from '../native/load';
import { stateOf } from '../inventory/threads';
import { readDropState } from '../kernel/probe';
import { procAdvice, systemError } from '../system-error';
import type { NetworkStatus, ThreadState } from '../types';
import { inspectFilters } from '../kernel/inspect-filters';
import { readKernelPatchState } from '../kernel/kernel-patch-state';

export interface NetworkStatusOptions {
  /**
   * Read the filters of another process out of the kernel, which makes the answer certain. Needs
   * CAP_SYS_ADMIN, and stops each of its threads for a moment as a debugger would: a system call that
   * waits may end with EINTR. Default `false`.
   */
  inspect?: boolean;
}

/**
 * Whether the network of a process is disabled, and by what.
 *
 * For this process the answer is certain, and for any on a kernel with the patch that was dropped by
 * provider `lsm`. Of another one /proc shows that it has filters and
 * no_new_privs, not which: the answer is then `'unknown'`, never a guess, unless `inspect` is set. One
 * thread without them makes `'enabled'` certain. The answer is about drops of this package and of the
 * kernel patch: a process may have no network for other reasons.
 *
 * @param pid - A process id; without it, this process.
 * @param options - See {@link NetworkStatusOptions}.
 * @throws DisableNetworkError
 * - `ERR_DISABLENETWORK_OPTION`: pid is no positive integer.
 * - `ERR_DISABLENETWORK_KERNEL`, errno ENOENT: there is no such process.
 */
export function networkStatus(pid: number = process.pid, options: NetworkStatusOptions = {}): NetworkStatus {
  if (!Number.isInteger(pid) || pid <= 0) {
    throw new DisableNetworkError(
      'ERR_DISABLENETWORK_OPTION',
      `networkStatus: pid must be a positive integer, not ${String(pid)}.`,
    );
  }
  const binding = loadBinding();
  const threads = readStates(binding, pid);
  return freezeDeeply(
    pid === process.pid ? ownStatus(binding, threads) : otherStatus(binding, pid, threads, options.inspect === true),
  );
}

/**
 * Whether the network of this process is disabled, by this package or by PR_SET_NETWORK, here or in
 * a process that it descends from. False on a platform where it cannot be.
 *
 * @throws DisableNetworkError `ERR_DISABLENETWORK_ADDON`, `_PERMISSION`: the kernel cannot be asked.
 */
export function isNetworkDisabled(): boolean {
  if (process.platform !== 'linux') return false;
  return typeof readDropState(loadBinding()) !== 'string';
}

function readStates(binding: NativeBinding, pid: number): readonly ThreadState[] {
  const threads = binding.listThreads(pid === process.pid ? 0 : pid);
  if (typeof threads !== 'number') return stateOf(threads);
  const advice = threads === -errno.ENOENT ? `There is no process ${String(pid)}, or /proc hides it.` : procAdvice;
  throw systemError('ERR_DISABLENETWORK_KERNEL', 'open /proc', threads, advice);
}

function ownStatus(binding: NativeBinding, threads: readonly ThreadState[]): NetworkStatus {
  const state = readDropState(binding);
  if (state === 'unfinished') {
    const reason = 'A drop has begun and not ended: it failed halfway, or another thread is at it.';
    return { pid: process.pid, network: 'partial', provider: null, unixSockets: null, reason, threads };
  }
  if (state === 'open') {
    const reason = 'PR_GET_NETWORK is not answered, or an inet socket can be made.';
    return { pid: process.pid, network: 'enabled', provider: null, unixSockets: null, reason, threads };
  }
  const { provider, unixSockets } = state;
  const reason = 'PR_GET_NETWORK says so, and an inet socket is refused.';
  return { pid: process.pid, network: 'disabled', provider, unixSockets, reason, threads };
}

function otherStatus(
  binding: NativeBinding,
  pid: number,
  threads: readonly ThreadState[],
  inspect: boolean,
): NetworkStatus {
  const unknown = { pid, network: 'unknown', provider: null, unixSockets: null, threads } as const;
  // A kernel without the patch does not know the question; then nothing depends on its file.
  const patch = binding.prctlGetNetwork() === -errno.EINVAL ? null : readKernelPatchState(pid);
  if (patch === 'unreadable') {
    return { ...unknown, reason: `/proc/${String(pid)}/attr/disablenetwork/current cannot be read.` };
  }
  if (patch?.networkOff === true) {
    const filters = inspect ? inspectFilters(binding, threads) : null;
    const narrowed = filters !== null && 'drop' in filters && filters.drop?.unixSockets === 'connected';
    return {
      ...unknown,
      network: 'disabled',
      provider: 'lsm',
      unixSockets: narrowed ? 'connected' : 'pathname',
      reason: `/proc/${String(pid)}/attr/disablenetwork/current says so.`,
    };
  }
  const open = threads.find(({ seccompMode, noNewPrivileges }) => seccompMode !== 2 || noNewPrivileges === false);
  if (open !== undefined) {
    return {
      ...unknown,
      network: 'enabled',
      reason: `Thread ${String(open.tid)} lacks a seccomp filter or no_new_privs.`,
    };
  }
  if (!inspect) {
    const told = threads.every(({ noNewPrivileges }) => noNewPrivileges === true);
    const reason = told
      ? 'Every thread has a seccomp filter and no_new_privs; /proc does not show which filter.'
      : 'Every thread has a seccomp filter; /proc shows neither which one nor no_new_privs.';
    return { ...unknown, reason };
  }
  const inspection = inspectFilters(binding, threads);
  if ('failure' in inspection) return { ...unknown, reason: inspection.failure };
  if (inspection.drop === null)
    return { ...unknown, network: 'enabled', reason: 'Its filters are not those of a drop.' };
  const { provider, unixSockets } = inspection.drop;
  return {
    ...unknown,
    network: 'disabled',
    provider,
    unixSockets,
    reason: 'The filters of each thread are those of a drop.',
  };
}
