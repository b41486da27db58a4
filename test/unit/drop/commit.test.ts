// SPDX-License-Identifier: MIT
import { errno } from '../../../lib/constants';
import { commit } from '../../../lib/drop/commit';
import { DisableNetworkError } from '../../../lib/errors';
import type { NativeBinding } from '../../../lib/native/binding';
import { enforcementOf, type FilterNeeds } from '../../../lib/plan/mechanism';
import type { ProviderName } from '../../../lib/types';
import { fakeBinding } from '../fake-binding';

const E2BIG = 7;
const ENOMEM = 12;

function commitWith(
  provider: ProviderName,
  changed: Partial<NativeBinding> = {},
  rings: FilterNeeds['rings'] = 'none',
): string[] {
  const { binding, changes } = fakeBinding({
    answers: provider === 'landlock' ? [{ tid: 1, result: 0 }, { tid: 2, result: 0 }] : [],
  }); // prettier-ignore
  commit({ ...binding, ...changed }, enforcementOf(provider, 7, 'pathname', { denyListen: false, rings }));
  return changes;
}

function failure(
  provider: ProviderName,
  changed: Partial<NativeBinding>,
  rings?: FilterNeeds['rings'],
): DisableNetworkError {
  try {
    commitWith(provider, changed, rings);
  } catch (error) {
    if (error instanceof DisableNetworkError) return error;
    throw error;
  }
  throw new Error('The commit went through');
}

describe('the commit', () => {
  it('takes the steps of each provider in order', () => {
    expect(commitWith('lsm')).toEqual(['prctlSetNoSuid', 'prctlSetNetwork']);
    expect(commitWith('landlock')).toEqual(['seccompInstall', 'landlockRestrict']);
    expect(commitWith('seccomp')).toEqual(['seccompInstall']);
    expect(commitWith('seccomp', {}, 'sealed')).toEqual(['seccompInstallSealingRings']);
  });

  it('says that nothing was changed when the first step is refused', () => {
    const noSuid = failure('lsm', { prctlSetNoSuid: () => -errno.EPERM });
    expect(noSuid).toMatchObject({ code: 'ERR_DISABLENETWORK_KERNEL', errno: -errno.EPERM, partiallyApplied: false });
    const rings = failure(
      'landlock',
      { seccompInstallSealingRings: () => ({ result: -ENOMEM, sealed: [] }) },
      'sealed',
    );
    expect(rings).toMatchObject({ code: 'ERR_DISABLENETWORK_KERNEL', syscall: 'io_uring_setup' });
    expect(rings.message).toMatch(/RLIMIT_MEMLOCK.*Nothing was changed/);
  });

  it.each<[string, ProviderName, Partial<NativeBinding>, RegExp]>([
    ['the second prctl', 'lsm', { prctlSetNetwork: () => -errno.EPERM }, /PR_SET_NETWORK.*EPERM.*end this process/],
    [
      'one thread',
      'landlock',
      { landlockRestrict: () => ({ result: 0, answers: [{ tid: 1, result: 0 }, { tid: 77, result: -E2BIG }], silent: [] }) }, // prettier-ignore
      /E2BIG\. Thread 77/,
    ],
    [
      'a thread that never answers',
      'landlock',
      { landlockRestrict: () => ({ result: -errno.ETIMEDOUT, answers: [{ tid: 1, result: 0 }], silent: [78] }) },
      /Thread 78 did not answer/,
    ],
    [
      'Landlock after the filter',
      'landlock',
      { landlockRestrict: () => ({ result: -E2BIG, answers: [], silent: [] }) },
      /landlock_restrict_self failed: E2BIG.*end this/,
    ],
    ['a thread with other filters', 'seccomp', { seccompInstall: () => 79 }, /Thread 79 .*Only no_new_privs was set/],
  ])('says that the state is partial when %s fails', (_name, provider, changed, message) => {
    const error = failure(provider, changed);
    expect(error).toMatchObject({ code: 'ERR_DISABLENETWORK_PARTIAL', partiallyApplied: true });
    expect(error.message).toMatch(message);
  });
});
