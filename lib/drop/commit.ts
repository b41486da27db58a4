// SPDX-License-Identifier: MIT
import { PR_NETWORK_OFF } from '../constants';
import { DisableNetworkError } from '../errors';
import type { BroadcastAnswer, NativeBinding } from '../native/binding';
import type { Enforcement, LandlockRules } from '../plan/mechanism';
import { nameOfErrno, systemError } from '../system-error';

/** How long a thread may take to answer, in milliseconds. A thread in an uninterruptible wait may not. */
export const threadTimeout = 10_000;

const partialAdvice = 'Part of the restriction is in force and cannot be taken back: end this process.';

/**
 * Puts the plan in force. The filter comes first: it reaches all threads at once or none, and the
 * exchange of rings that belongs to it is the step that is most likely to be refused.
 *
 * @returns The descriptors of the rings that the kernel now restricts.
 */
export function commit(
  binding: NativeBinding,
  { provider, landlock, seccompPolicy, sealRings }: Enforcement,
): readonly number[] {
  if (provider === 'lsm') setNetworkOff(binding);
  let restricted: readonly number[] = [];
  if (seccompPolicy !== null) {
    const install = sealRings ? installFilterSealingRings : installFilter;
    restricted = install(binding, seccompPolicy, provider === 'lsm');
  }
  if (landlock !== null) restrictWithLandlock(binding, landlock);
  return restricted;
}

function setNetworkOff(binding: NativeBinding): void {
  const advice = 'Nothing was changed.';
  const noSuid = binding.prctlSetNoSuid();
  if (noSuid < 0) throw systemError('ERR_DISABLENETWORK_KERNEL', 'prctl(PR_SET_NOSUID)', noSuid, advice);
  const network = binding.prctlSetNetwork(PR_NETWORK_OFF);
  if (network < 0) throw systemError('ERR_DISABLENETWORK_PARTIAL', 'prctl(PR_SET_NETWORK)', network, partialAdvice);
}

function restrictWithLandlock(binding: NativeBinding, rules: LandlockRules): void {
  const answer = binding.landlockRestrict(rules.handledNetwork, rules.scoped, rules.allThreads, threadTimeout);
  checkBroadcast('landlock_restrict_self', answer, true);
}

/** Every thread answered, and with success. */
export function checkBroadcast(syscall: string, answer: BroadcastAnswer, changed: boolean): void {
  const nobodyReached = !changed && answer.answers.length === 0 && answer.silent.length === 0;
  if (answer.silent.length > 0) {
    throw new DisableNetworkError(
      'ERR_DISABLENETWORK_PARTIAL',
      `Thread ${answer.silent.join(', ')} did not answer within ${String(threadTimeout / 1000)} s: it blocks the C library's ` +
        `set-id signal or waits in the kernel. ${partialAdvice}`,
      { errno: answer.result, syscall },
    );
  }
  if (answer.result < 0) {
    throw nobodyReached
      ? systemError('ERR_DISABLENETWORK_KERNEL', syscall, answer.result, 'Nothing was changed.')
      : systemError('ERR_DISABLENETWORK_PARTIAL', syscall, answer.result, partialAdvice);
  }
  const failed = answer.answers.find(({ result }) => result < 0);
  if (failed !== undefined) {
    const advice = `Thread ${String(failed.tid)} could not be restricted. ${partialAdvice}`;
    throw systemError('ERR_DISABLENETWORK_PARTIAL', syscall, failed.result, advice);
  }
}

function installFilterSealingRings(binding: NativeBinding, policy: number, changed: boolean): readonly number[] {
  const { result, sealed } = binding.seccompInstallSealingRings(policy, threadTimeout);
  if (result < 0 && sealed.length === 0 && !changed) {
    const advice =
      "The io_urings of Node's event loops could not be exchanged (ENOMEM: raise RLIMIT_MEMLOCK). Nothing was changed.";
    throw systemError('ERR_DISABLENETWORK_KERNEL', 'io_uring_setup', result, advice);
  }
  checkFilter(result, changed || sealed.length > 0);
  return sealed;
}

function installFilter(binding: NativeBinding, policy: number, changed: boolean): readonly number[] {
  checkFilter(binding.seccompInstall(policy), changed);
  return [];
}

function checkFilter(result: number, changed: boolean): void {
  if (result === 0) return;
  const cause =
    result > 0
      ? `Thread ${String(result)} has seccomp filters that the caller lacks.`
      : `seccomp failed: ${nameOfErrno(result)}.`;
  const onlyNoNewPrivileges =
    'Only no_new_privs was set, and it cannot be taken back: setuid programs started from here gain nothing.';
  throw new DisableNetworkError(
    'ERR_DISABLENETWORK_PARTIAL',
    `${cause} ${changed ? partialAdvice : onlyNoNewPrivileges}`,
    { syscall: 'seccomp', ...(result < 0 ? { errno: result } : {}) },
  );
}
