// SPDX-License-Identifier: MIT
import { errno } from '../../../lib/native/constants';
import { Deadline } from '../../../lib/deadline';
import { beginDrop, finishDrop } from '../../../lib/drop/commit';
import { DisableNetworkError } from '../../../lib/errors';
import { enforcementOf } from '../../../lib/kernel/enforcement';
import type { ProviderName } from '../../../lib/types';
import { fakeBinding, type FakeKernel } from '../fake-binding';

/** The steps, in the order of csrc/drop/drop.h. */
const step = { rings: 1, hold: 2, ruleset: 3, privileges: 5, filter: 6, noSuid: 8, network: 9, landlock: 10 };

const enforcement = (provider: ProviderName) =>
  enforcementOf(provider, 7, 'pathname', { denyListen: false, rings: 'none' });

function failure(kernel: FakeKernel, provider: ProviderName = 'landlock'): DisableNetworkError {
  try {
    const { binding } = fakeBinding(kernel);
    beginDrop(binding, enforcement(provider), new Deadline(), true);
    finishDrop(binding, enforcement(provider));
  } catch (error) {
    if (error instanceof DisableNetworkError) return error;
    throw error;
  }
  throw new Error('It went through');
}

describe('putting a drop in force', () => {
  it('asks for what each provider needs, and has the kernel say so at the end', () => {
    for (const [provider, kernelPatch, hasPolicy, handledNetwork, calls] of [
      ['lsm', true, false, 0, ['beginDrop']],
      ['landlock', false, true, 3, ['beginDrop', 'finishDrop']],
      ['seccomp', false, true, 0, ['beginDrop', 'finishDrop']],
    ] as const) {
      const { binding, changes } = fakeBinding();
      const begin = jest.spyOn(binding, 'beginDrop');
      beginDrop(binding, enforcement(provider), new Deadline(), true);
      finishDrop(binding, enforcement(provider));
      const order = begin.mock.calls[0]?.[0];
      expect(order).toMatchObject({ kernelPatch, handledNetwork, sealRings: false });
      expect(order?.policy !== null).toBe(hasPolicy);
      expect(changes).toEqual(calls);
    }
  });

  it.each<[string, NonNullable<FakeKernel['begin']>, string, RegExp]>([
    ['memory for the rings', { step: step.rings, result: -errno.ENOMEM }, 'io_uring_setup', /ENOMEM/],
    [
      'a thread that is silent',
      { step: step.hold, result: -errno.ETIMEDOUT, thread: 78 },
      'tgkill',
      /Thread 78 did not/,
    ],
    [
      'a ruleset in a thread',
      { step: step.ruleset, result: -errno.EMFILE, thread: 7 },
      'landlock_create_ruleset',
      /Thread 7/,
    ],
    ['no_new_privs', { step: step.privileges, result: -errno.EPERM }, 'prctl(PR_SET_NO_NEW_PRIVS)', /EPERM/],
    ['the filter where no_new_privs was set before', { step: step.filter, result: -errno.ENOMEM }, 'seccomp', /ENOMEM/],
    ['the first prctl', { step: step.noSuid, result: -errno.EPERM }, 'prctl(PR_SET_NOSUID)', /EPERM/],
  ])('says that nothing was changed when %s is refused', (_name, begin, syscall, message) => {
    const error = failure({ begin });
    expect(error).toMatchObject({ code: 'ERR_DISABLENETWORK_KERNEL', syscall, partiallyApplied: false });
    expect(error.message).toMatch(message);
    expect(error.message).toContain('Nothing was changed');
  });

  it.each<[string, FakeKernel, RegExp]>([
    [
      'the second prctl',
      { begin: { step: step.network, result: -errno.EPERM, hasChanged: true } },
      /PR_SET_NETWORK.*EPERM/,
    ],
    ['one thread', { begin: { step: step.landlock, result: -errno.E2BIG, thread: 77, hasChanged: true } }, /Thread 77/],
    [
      'a thread with other filters',
      { begin: { step: step.filter, result: 79, hasChanged: true } },
      /Thread 79 has seccomp/,
    ],
    ['the last word', { finish: -errno.ENOMEM }, /seccomp failed: ENOMEM/],
    ['the last word in one thread', { finish: 80 }, /Thread 80 has seccomp/],
  ])('says that the state is partial when %s fails', (_name, kernel, message) => {
    const error = failure(kernel);
    expect(error).toMatchObject({ code: 'ERR_DISABLENETWORK_PARTIAL', partiallyApplied: true });
    expect(error.message).toMatch(message);
    expect(error.message).toContain('end this process');
  });
});
