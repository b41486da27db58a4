// SPDX-License-Identifier: MIT
import { Attempt, type NativeBinding } from '../native/binding';
import type { Enforcement } from '../kernel/enforcement';
import { systemError } from '../system-error';
import type { AttemptId } from '../types';

const attemptBits: Readonly<Record<AttemptId, number>> = {
  socket: Attempt.sockets,
  'tcp-connect': Attempt.tcpConnect,
  'abstract-name': Attempt.abstractName,
  tracing: Attempt.tracing,
  'io-uring': Attempt.ioUring,
  privilege: Attempt.noNewPrivileges,
};

/** What a receipt claims, and so what is tried. */
function claimsOf({ provider, landlock, seccompPolicy, unixSockets }: Enforcement): readonly AttemptId[] {
  const claims: AttemptId[] = ['socket'];
  const noNewPeers = unixSockets === 'connected';
  if (provider !== 'seccomp' || noNewPeers) claims.push('tcp-connect');
  const namesClosed = provider === 'lsm' || noNewPeers || (landlock !== null && landlock.scoped !== 0);
  if (namesClosed) claims.push('abstract-name');
  if (provider !== 'seccomp') claims.push('tracing');
  if (seccompPolicy !== null) claims.push('io-uring', 'privilege');
  return claims;
}

const sum = (ids: readonly AttemptId[]): number => ids.reduce((bits, id) => bits | attemptBits[id], 0);

/**
 * Makes what the attempts need, before the drop, and tries each once: one that is refused already
 * proves nothing. To be closed in any case.
 *
 * @returns Bits of {@link Attempt}.
 * @throws DisableNetworkError `ERR_DISABLENETWORK_KERNEL`: descriptors, processes or memory ran out.
 */
export function prepareAttempts(binding: NativeBinding, enforcement: Enforcement): number {
  const prepared = binding.prepareAttempts(sum(claimsOf(enforcement)));
  if (prepared < 0) {
    const what = 'Preparing the check of the drop';
    throw systemError('ERR_DISABLENETWORK_KERNEL', what, prepared, 'Nothing was changed.');
  }
  return enforcement.provider === 'lsm' && enforcement.unixSockets !== 'connected'
    ? prepared | Attempt.namesSeemAbsent
    : prepared;
}

/** What can be tried of a drop that is in force already: nothing from before it is left. */
export function attemptsAfterwards(enforcement: Enforcement): number {
  return sum(claimsOf(enforcement)) & (Attempt.sockets | Attempt.ioUring | Attempt.noNewPrivileges);
}

export function namesOfAttempts(attempts: number): readonly AttemptId[] {
  return (Object.keys(attemptBits) as AttemptId[]).filter((id) => (attempts & attemptBits[id]) !== 0);
}
