// SPDX-License-Identifier: MIT
import { threadTimeout } from '../drop/commit';
import type { NativeBinding } from '../native/binding';
import { nameOfErrno } from '../system-error';
import type { Residual } from '../types';

/**
 * Rings that no descriptor and no mapping shows: since Linux 6.6 an io_uring may live in memory of
 * the caller's and be known by an index of its thread alone (IORING_SETUP_REGISTERED_FD_ONLY). A
 * request that waits in one goes on without a system call. Each thread has to look for itself.
 */
export function findHiddenRings(binding: NativeBinding): Residual[] {
  const { result, answers, silent } = binding.countRegisteredRings(threadTimeout);
  const found = answers.filter((answer) => answer.result > 0).map(({ tid }) => registered(tid));
  if (silent.length > 0) return [...found, unknown(`thread ${silent.join(', ')} does not answer`)];
  if (result < 0) return [...found, unknown(`the threads cannot be asked (${nameOfErrno(result)})`)];
  return found;
}

function registered(tid: number): Residual {
  return residual(
    `requests that wait in the ring that thread ${String(tid)} has registered: they pass no seccomp filter`,
    `End the ring in thread ${String(tid)} first (IORING_UNREGISTER_RING_FDS)`,
  );
}

function unknown(reason: string): Residual {
  return residual(
    `requests in a ring that is open nowhere, if there is one: ${reason}`,
    'Let every thread take the C library’s set-id signal',
  );
}

function residual(way: string, advice: string): Residual {
  const remedy = `${advice}, or accept it with residuals: ['io-uring'].`;
  return { id: 'io-uring', descriptor: null, ways: [way], remedy, closable: false };
}
