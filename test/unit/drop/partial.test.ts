// SPDX-License-Identifier: MIT
import { errno, PR_NETWORK_OFF } from '../../../lib/native/constants';
import { Deadline } from '../../../lib/deadline';
import { makeDrop } from '../../../lib/drop/drop';
import { orPartial, rememberingPartial } from '../../../lib/drop/partial';
import { DisableNetworkError } from '../../../lib/errors';
import type { NativeBinding } from '../../../lib/native/binding';
import { resolveOptions } from '../../../lib/options/resolve';
import { makePlan } from '../../../lib/drop/plan';
import { systemError } from '../../../lib/system-error';
import { fakeBinding, type FakeKernel, thread } from '../fake-binding';

function thrownBy(run: () => unknown): DisableNetworkError {
  try {
    run();
  } catch (error) {
    if (error instanceof DisableNetworkError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown');
}

const kernelError = () => systemError('ERR_DISABLENETWORK_KERNEL', 'open /proc', -errno.EMFILE, 'Nothing was changed.');

describe('an error after the first irreversible step', () => {
  it('is PARTIAL whatever it was, keeps its cause, and is remembered', () => {
    for (const thrown of [kernelError(), new TypeError('odd')]) {
      const { binding, changes } = fakeBinding();
      const error = thrownBy(() => orPartial(binding, () => { throw thrown; })); // prettier-ignore
      expect(error).toMatchObject({ code: 'ERR_DISABLENETWORK_PARTIAL', cause: thrown });
      expect(error.message).not.toContain('Nothing was changed');
      expect(changes).toEqual(['markUnfinished']);
    }
  });

  it('goes through as it is where the step says that nothing has changed', () => {
    const { binding, changes } = fakeBinding();
    const thrown = kernelError();
    expect(thrownBy(() => rememberingPartial(binding, () => { throw thrown; }))).toBe(thrown); // prettier-ignore
    expect(changes).toEqual([]);
  });

  // Each function of the addon that a drop calls once it has begun, refusing.
  const covered = [thread(1, { NoNewPrivs: '1', Seccomp: '2', Seccomp_filters: '2' })];
  it.each<[string, (begun: NativeBinding) => Partial<NativeBinding>]>([
    ['tryInEveryThread', () => ({ tryInEveryThread: () => ({ result: -errno.EMFILE, answers: [], silent: [] }) })],
    ['listDescriptors', () => ({ listDescriptors: () => -errno.EMFILE })],
    ['listMappedLinks', () => ({ listMappedLinks: () => -errno.EMFILE })],
    ['countMappedOnlyRings', () => ({ countMappedOnlyRings: () => -errno.EMFILE })],
    ['listThreads', () => ({ listThreads: () => -errno.EMFILE })],
    ['listTracees', () => ({ listTracees: () => -errno.EMFILE })],
    [
      'countRegisteredRings',
      () => ({ countRegisteredRings: () => ({ result: -errno.EMFILE, answers: [], silent: [] }) }),
    ],
    ['finishDrop', () => ({ finishDrop: () => -errno.ENOMEM })],
  ])('comes from %s', (_name, change) => {
    const { binding, changes } = fakeBinding({ threads: covered });
    const plan = makePlan(binding, resolveOptions());
    const changed: NativeBinding = { ...binding, ...change(binding) };
    const error = thrownBy(() => makeDrop(changed, plan, resolveOptions(), new Deadline()));
    expect(error.code).toBe('ERR_DISABLENETWORK_PARTIAL');
    expect(changes.at(-1)).toBe('markUnfinished');
  });
});

describe('after a drop that failed halfway', () => {
  it.each<[string, FakeKernel]>([
    ['the kernel says so', { networkPrctl: -0xdff }],
    ['the process remembers it', { unfinished: 'seccomp failed: ENOMEM.' }],
    ['the kernel patch was the one', { networkPrctl: PR_NETWORK_OFF, unfinished: 'odd' }],
  ])('every later plan throws PARTIAL: %s', (_name, kernel) => {
    const error = thrownBy(() => makePlan(fakeBinding(kernel).binding, resolveOptions()));
    expect(error.code).toBe('ERR_DISABLENETWORK_PARTIAL');
    if (kernel.unfinished !== undefined) expect(error.message).toContain(kernel.unfinished);
  });
});
