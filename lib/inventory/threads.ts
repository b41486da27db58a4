// SPDX-License-Identifier: MIT
import { DisableNetworkError } from '../errors';
import { parseThreadStatus } from '.';
import type { NativeBinding, RawThread } from '../native/binding';
import { procAdvice, systemError } from '../system-error';
import type { ThreadState } from '../types';

/** Every thread of the process; 0 means this one. */
export function readThreads(binding: NativeBinding, pid: number): readonly RawThread[] {
  const threads = binding.listThreads(pid);
  if (typeof threads === 'number') throw systemError('ERR_DISABLENETWORK_KERNEL', 'open /proc', threads, procAdvice);
  return threads;
}

export function stateOf(threads: readonly RawThread[]): readonly ThreadState[] {
  return threads.map(parseThreadStatus);
}

/** Whether the process holds any capability that it may use, now or later (proc_pid_status(5), CapPrm). */
export function isPrivileged(threads: readonly RawThread[]): boolean {
  return threads.some(({ status }) => {
    const digits = /^CapPrm:\s*([0-9a-f]+)$/m.exec(status)?.[1];
    if (digits === undefined) {
      throw new DisableNetworkError('ERR_DISABLENETWORK_KERNEL', '/proc shows no CapPrm line. ' + procAdvice);
    }
    return BigInt(`0x${digits}`) !== 0n;
  });
}
