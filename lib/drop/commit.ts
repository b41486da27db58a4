// SPDX-License-Identifier: MIT
import type { Deadline } from '../deadline';
import { callTimeout } from '../deadline';
import { errno } from '../native/constants';
import { DisableNetworkError } from '../errors';
import type { BeginOutcome, NativeBinding } from '../native/binding';
import type { Enforcement } from '../kernel/enforcement';
import { nameOfErrno, systemError } from '../system-error';
import { partialAdvice } from './partial';

/** The system call behind each step that can fail, in the order of csrc/drop/drop.h. */
const syscalls = [
  'none',
  'io_uring_setup',
  'tgkill',
  'landlock_create_ruleset',
  'io_uring',
  'prctl(PR_SET_NO_NEW_PRIVS)',
  'seccomp',
  'io_uring',
  'prctl(PR_SET_NOSUID)',
  'prctl(PR_SET_NETWORK)',
  'landlock_restrict_self',
] as const;

/**
 * Puts every mechanism in force on every thread; from then on the kernel says that a drop has begun.
 * All that can fail is tried before anything changes.
 *
 * @param everyRing - No ring may be left as it is: one that cannot be restricted makes the drop wait.
 * @returns The descriptors of the rings that the kernel restricts now.
 * @throws DisableNetworkError `ERR_DISABLENETWORK_KERNEL`, and nothing has changed; or
 * `ERR_DISABLENETWORK_PARTIAL`.
 */
export function beginDrop(
  binding: NativeBinding,
  enforcement: Enforcement,
  deadline: Deadline,
  everyRing: boolean,
): readonly number[] {
  const { provider, seccompPolicy, sealRings, landlock } = enforcement;
  const outcome = binding.beginDrop(
    {
      kernelPatch: provider === 'lsm',
      policy: seccompPolicy,
      sealRings,
      everyRing,
      handledNetwork: landlock?.handledNetwork ?? 0,
      scoped: landlock?.scoped ?? 0,
    },
    deadline.remaining(),
  );
  if (outcome.step !== 0) throw failureOf(outcome);
  return outcome.sealed;
}

/**
 * Makes the kernel say that the drop is in force. The last step: everything has been tried.
 *
 * @throws DisableNetworkError `ERR_DISABLENETWORK_PARTIAL`
 */
export function finishDrop(binding: NativeBinding, { seccompPolicy }: Enforcement): void {
  if (seccompPolicy === null) return;
  const result = binding.finishDrop(seccompPolicy);
  if (result !== 0) throw failureOf({ step: syscalls.indexOf('seccomp'), result, thread: 0, hasChanged: true });
}

function failureOf({ step, result, thread, hasChanged }: Omit<BeginOutcome, 'sealed'>): DisableNetworkError {
  const syscall = syscalls[step] ?? 'unknown';
  const code = hasChanged ? 'ERR_DISABLENETWORK_PARTIAL' : 'ERR_DISABLENETWORK_KERNEL';
  const state = hasChanged ? partialAdvice : 'Nothing was changed.';
  if (syscall === 'seccomp' && result > 0) {
    const cause = `Thread ${String(result)} has seccomp filters that the caller lacks.`;
    return new DisableNetworkError(code, `${cause} ${state}`, { syscall });
  }
  if (syscall === 'tgkill' && result === -errno.ETIMEDOUT) {
    return new DisableNetworkError(code, `${describeSilent([thread])} ${state}`, { errno: result, syscall });
  }
  const { message } = systemError(code, syscall, result, state);
  const inThread = thread === 0 ? '' : `Thread ${String(thread)} could not be restricted. `;
  return new DisableNetworkError(code, `${inThread}${message}`, { errno: result, syscall });
}

/** Why a thread may not answer. */
export function describeSilent(threads: readonly number[]): string {
  const seconds = String(callTimeout / 1000);
  const who = threads.some((tid) => tid !== 0) ? `Thread ${threads.join(', ')}` : 'A thread that others keep making';
  return (
    `${who} did not answer within ${seconds} s: it blocks the C library's set-id signal, is stopped, or waits in ` +
    'the kernel, for example in vfork.'
  );
}

/** Every thread answered, and with success. For what changes nothing but no_new_privs. */
export function checkNoNewPrivileges(binding: NativeBinding, deadline: Deadline): void {
  const syscall = 'prctl(PR_SET_NO_NEW_PRIVS)';
  const { result, answers, silent } = binding.noNewPrivilegesOnAllThreads(deadline.remaining());
  const code = answers.length + silent.length === 0 ? 'ERR_DISABLENETWORK_KERNEL' : 'ERR_DISABLENETWORK_PARTIAL';
  const state = answers.length + silent.length === 0 ? 'Nothing was changed.' : partialAdvice;
  if (silent.length > 0) {
    throw new DisableNetworkError(code, `${describeSilent(silent)} ${state}`, { errno: result, syscall });
  }
  if (result < 0) throw systemError(code, syscall, result, state);
  const failed = answers.find((answer) => answer.result < 0);
  if (failed === undefined) return;
  const reason = `Thread ${String(failed.tid)}: ${nameOfErrno(failed.result)}.`;
  throw systemError('ERR_DISABLENETWORK_PARTIAL', syscall, failed.result, `${reason} ${partialAdvice}`);
}
