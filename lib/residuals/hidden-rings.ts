// SPDX-License-Identifier: MIT
import type { Deadline } from '../deadline';
import type { BroadcastAnswer, NativeBinding } from '../native/binding';
import { adviceFor, nameOfErrno } from '../system-error';
import type { Residual } from '../types';

/** What a thread gets in any case, in milliseconds: one that is not asked counts as a residual. */
const patience = 1000;

/** Asks every thread how many rings it has registered. */
export function countRings(binding: NativeBinding, deadline: Deadline): BroadcastAnswer {
  return binding.countRegisteredRings(deadline.remaining(patience));
}

/**
 * Rings that no descriptor and no mapping shows: since Linux 6.6 an io_uring may live in memory of
 * the caller's and be known by an index of its thread alone (IORING_SETUP_REGISTERED_FD_ONLY). A
 * request that waits in one goes on without a system call. Each thread has to look for itself.
 */
export function findHiddenRings({ result, answers, silent }: BroadcastAnswer): Residual[] {
  const found = answers.filter((answer) => answer.result > 0).map(({ tid }) => registered(tid));
  if (silent.length > 0) return [...found, unknown(`thread ${silent.join(', ')} does not answer`)];
  if (result < 0)
    return [...found, unknown(`the threads cannot be asked (${nameOfErrno(result)})`, adviceFor(result, 'tgkill'))];
  return found;
}

function registered(tid: number): Residual {
  return residual(
    `requests that wait in the ring that thread ${String(tid)} has registered: they pass no seccomp filter`,
    `End the ring in thread ${String(tid)} first (IORING_UNREGISTER_RING_FDS)`,
  );
}

function unknown(reason: string, limit: string | null = null): Residual {
  return residual(
    `requests in a ring that is open nowhere, if there is one: ${reason}`,
    limit?.replace(/\.$/, '') ?? 'Let every thread take the C library’s set-id signal',
  );
}

function residual(way: string, advice: string): Residual {
  const remedy = `${advice}, or accept it with residuals: ['io-uring'].`;
  return { id: 'io-uring', descriptor: null, ways: [way], remedy, closable: false };
}
