// SPDX-License-Identifier: MIT
import { errno, PR_NETWORK_OFF } from '../../../lib/native/constants';
import { Deadline } from '../../../lib/deadline';
import { countCoveredThreads, tryInEveryThread } from '../../../lib/drop/verify';
import { DisableNetworkError } from '../../../lib/errors';
import { Attempt, type RawThread } from '../../../lib/native/binding';
import { enforcementOf } from '../../../lib/kernel/enforcement';
import type { ProviderName } from '../../../lib/types';
import { fakeBinding, type FakeKernel, thread } from '../fake-binding';

const covered = (tid: number): RawThread => thread(tid, { NoNewPrivs: '1', Seccomp: '2', Seccomp_filters: '2' });
const good: FakeKernel = {
  threads: [covered(1), covered(2)],
  answers: [{ tid: 1, result: 0 }, { tid: 2, result: 0 }],
}; // prettier-ignore

function verify(kernel: FakeKernel, provider: ProviderName = 'landlock'): number {
  const { binding } = fakeBinding({ ...good, ...kernel });
  tryInEveryThread(binding, Attempt.sockets | Attempt.tcpConnect, new Deadline());
  const enforcement = enforcementOf(provider, 7, 'pathname', { denyListen: false, rings: 'none' });
  return countCoveredThreads(binding, enforcement);
}

function failure(kernel: FakeKernel, provider?: ProviderName): DisableNetworkError {
  try {
    verify(kernel, provider);
  } catch (error) {
    if (error instanceof DisableNetworkError) return error;
    throw error;
  }
  throw new Error('It was found covered');
}

describe('the check after the commit', () => {
  it('counts the threads that are covered', () => {
    expect(verify({})).toBe(2);
    expect(verify({ threads: [thread(1)], networkPrctl: PR_NETWORK_OFF }, 'lsm')).toBe(1);
  });

  it.each<[string, FakeKernel, RegExp]>([
    [
      'a thread can make a socket',
      { answers: [{ tid: 5, result: Attempt.sockets * 4096 }] },
      /socket in thread 5 answers success/,
    ],
    [
      'a connection is refused by nobody',
      { answers: [{ tid: 5, result: Attempt.tcpConnect * 4096 + errno.ENOENT }] },
      /tcp-connect in thread 5 answers ENOENT/,
    ],
    [
      'a thread has no filter',
      { threads: [covered(1), thread(6, { NoNewPrivs: '1' })] },
      /thread 6 \(node\) has no filter/,
    ],
    ['a thread lacks no_new_privs', { threads: [thread(7, { NoNewPrivs: '0', Seccomp: '2' })] }, /thread 7/],
  ])('fails when %s', (_name, kernel, message) => {
    const error = failure(kernel);
    expect(error).toMatchObject({ code: 'ERR_DISABLENETWORK_PARTIAL', partiallyApplied: true });
    expect(error.message).toMatch(message);
  });

  it('fails when the threads cannot be asked, and takes the kernel’s word for one that waits in it', () => {
    expect(failure({ broadcastResult: -errno.EMFILE }).message).toContain('EMFILE');
    const silent: FakeKernel = { broadcastResult: -errno.ETIMEDOUT, silent: [2] };
    expect(verify(silent)).toBe(2);
    expect(verify({ ...silent, networkPrctl: PR_NETWORK_OFF }, 'lsm')).toBe(2);
    expect(failure({ ...silent, networkPrctl: 0 }, 'lsm').message).toContain('PR_GET_NETWORK does not say');
  });
});
