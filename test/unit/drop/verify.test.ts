// SPDX-License-Identifier: MIT
import { errno, PR_NETWORK_OFF } from '../../../lib/constants';
import { verifyDrop } from '../../../lib/drop/verify';
import { DisableNetworkError } from '../../../lib/errors';
import type { RawThread } from '../../../lib/native/binding';
import { enforcementOf } from '../../../lib/plan/mechanism';
import type { ProviderName } from '../../../lib/types';
import { fakeBinding, type FakeKernel, thread } from '../fake-binding';

const covered = (tid: number): RawThread => thread(tid, { NoNewPrivs: '1', Seccomp: '2', Seccomp_filters: '1' });
const good: FakeKernel = {
  inetSocket: -errno.EPERM,
  threads: [covered(1), covered(2)],
  answers: [{ tid: 1, result: -errno.EPERM }, { tid: 2, result: -errno.EPERM }],
}; // prettier-ignore

const verify = (kernel: FakeKernel, provider: ProviderName = 'landlock'): number =>
  verifyDrop(
    fakeBinding({ ...good, ...kernel }).binding,
    enforcementOf(provider, 7, 'pathname', { denyListen: false, rings: 'none' }),
  );

describe('the check after the commit', () => {
  it('counts the threads that are covered', () => {
    expect(verify({})).toBe(2);
    expect(verify({ threads: [thread(1)], networkPrctl: PR_NETWORK_OFF }, 'lsm')).toBe(1);
  });

  it.each<[string, FakeKernel, RegExp]>([
    ['this thread can still make a socket', { inetSocket: 0 }, /answers success, not EPERM/],
    ['the answer is another error', { inetSocket: -errno.ENOENT }, /answers ENOENT, not EPERM/],
    ['a thread can', { answers: [{ tid: 5, result: 0 }] }, /thread 5 can make an inet socket/],
    [
      'a thread has no filter',
      { threads: [covered(1), thread(6, { NoNewPrivs: '1' })] },
      /thread 6 \(node\) has no filter/,
    ],
    ['a thread lacks no_new_privs', { threads: [thread(7, { Seccomp: '2' })] }, /thread 7/],
  ])('fails when %s', (_name, kernel, message) => {
    expect(() => verify(kernel)).toThrow(message);
    try {
      verify(kernel);
    } catch (error) {
      expect(error).toBeInstanceOf(DisableNetworkError);
      expect(error).toMatchObject({ code: 'ERR_DISABLENETWORK_PARTIAL', partiallyApplied: true });
    }
  });

  it('takes the kernel’s word for a silent thread, where there is one', () => {
    const silent: FakeKernel = { broadcastResult: -errno.ETIMEDOUT };
    expect(verify(silent)).toBe(2);
    expect(verify({ ...silent, networkPrctl: PR_NETWORK_OFF }, 'lsm')).toBe(2);
    expect(() => verify({ ...silent, networkPrctl: 0 }, 'lsm')).toThrow(/PR_GET_NETWORK does not say/);
  });
});
