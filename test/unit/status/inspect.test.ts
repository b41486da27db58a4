// SPDX-License-Identifier: MIT
import { errno } from '../../../lib/constants';
import { everyPolicyBit, SeccompPolicy } from '../../../lib/native/binding';
import { loadBinding } from '../../../lib/native/load';
import { type Inspection, inspectFilters } from '../../../lib/status/inspect';
import type { ThreadState } from '../../../lib/types';
import { fakeBinding } from '../fake-binding';

const { answerStatus, withLandlock, denyNewUnixPeers, denyTracing } = SeccompPolicy;
const landlock = answerStatus | withLandlock;

function program(policy: number): Buffer {
  const built = loadBinding().seccompProgram(policy);
  if (typeof built === 'number') throw new Error(`no program for policy ${String(policy)}`);
  return Buffer.from(built);
}

const state = (tid: number, kernelWorker = false): ThreadState => ({
  tid,
  name: 'node',
  noNewPrivileges: true,
  seccompMode: 2,
  seccompFilters: 1,
  kernelWorker,
});

/** A thread of each number, with these filters. */
function inspect(filters: Record<number, Uint8Array[] | number>, worker?: number): Inspection {
  const binding = {
    ...fakeBinding().binding,
    seccompProgram: (policy: number) => loadBinding().seccompProgram(policy),
    seccompDump: (tid: number) => filters[tid] ?? -errno.ESRCH,
  };
  const threads = Object.keys(filters).map((tid) => state(Number(tid)));
  return inspectFilters(binding, worker === undefined ? threads : [...threads, state(worker, true)]);
}

const allow = Buffer.from('060000000000ff7f', 'hex');
/** Refuses nothing, and answers every call as if it were PR_GET_NETWORK. */
const answer = (policy: number): Buffer => {
  const filter = Buffer.from('0600000000000500', 'hex');
  filter.writeUInt16LE(0xe00 + policy, 4);
  return filter;
};
const failureOf = (inspection: Inspection): string => ('failure' in inspection ? inspection.failure : 'none');

it('believes the very program of a policy, whatever filters lie above and below it', () => {
  const drop = { provider: 'landlock', unixSockets: 'pathname' };
  expect(inspect({ 7: [program(landlock)], 8: [program(landlock)] })).toMatchObject({ drop });
  expect(inspect({ 7: [allow, program(landlock), allow] }, 9)).toMatchObject({ drop });
  expect(inspect({ 7: [answer(answerStatus | denyNewUnixPeers), program(landlock)] })).toMatchObject({ drop });
  expect(inspect({ 7: [program(answerStatus | denyTracing)] })).toMatchObject({ drop: { provider: 'seccomp' } });
});

it('finds no drop where no filter speaks of one, be it in one thread alone', () => {
  expect(inspect({ 7: [allow] })).toEqual({ drop: null });
  expect(inspect({ 7: [program(landlock)], 8: [allow] })).toEqual({ drop: null });
  expect(inspect({ 7: [program(withLandlock)] })).toEqual({ drop: null });
});

it('is not fooled by a program that differs in any instruction', () => {
  const whole = program(landlock);
  const forged = Array.from({ length: whole.length / 8 }, (_, index) => {
    const filter = Buffer.from(whole);
    // An instruction that allows all.
    allow.copy(filter, index * 8);
    return filter;
  });
  const believed = forged.filter((filter) => {
    const inspection = inspect({ 7: [filter] });
    return 'drop' in inspection && inspection.drop !== null;
  });
  // Of all, only the last return says the same already.
  expect(believed).toHaveLength(believed.filter((filter) => filter.equals(whole)).length);
  expect(failureOf(inspect({ 7: [whole.subarray(0, -8)] }))).toMatch(/^A filter of thread 7 says/);
});

it.each([0, landlock, everyPolicyBit])('is not fooled by a filter that only answers policy %i', (policy) => {
  expect(failureOf(inspect({ 7: [answer(policy)] }))).toMatch(/another version's, or forged/);
  expect(failureOf(inspect({ 7: [answer(policy), program(landlock ^ 1 ^ answerStatus)] }))).toMatch(/forged/);
});

it('does not choose between the drops of two threads', () => {
  const other = program(answerStatus | withLandlock | denyNewUnixPeers);
  expect(failureOf(inspect({ 7: [program(landlock)], 8: [other] }))).toMatch(/different drops/);
});

it('says why a thread cannot be asked', () => {
  expect(failureOf(inspect({ 7: -errno.EPERM }))).toBe('The filters of thread 7 cannot be read (EPERM).');
  expect(failureOf(inspect({ 7: -errno.ETIMEDOUT }))).toMatch(/^Thread 7 does not stop: .*vfork/);
});
