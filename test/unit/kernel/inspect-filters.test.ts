// SPDX-License-Identifier: MIT
import { errno } from '../../../lib/native/constants';
import { everyPolicyBit, SeccompPolicy } from '../../../lib/native/binding';
import { loadBinding } from '../../../lib/native/load';
import { type Inspection, inspectFilters } from '../../../lib/kernel/inspect-filters';
import type { ThreadState } from '../../../lib/types';
import { fakeBinding } from '../fake-binding';

const { answerStatus, withLandlock, denyNewUnixPeers, denyTracing } = SeccompPolicy;
const landlock = answerStatus | withLandlock;

function toBuffer(built: Uint8Array | number): Buffer {
  if (typeof built === 'number') throw new Error('no program for this policy');
  return Buffer.from(built);
}

/** The filter that denies, and the one that says that the drop is in force. */
const program = (policy: number): Buffer => toBuffer(loadBinding().seccompProgram(policy));
const status = (policy: number): Buffer => toBuffer(loadBinding().statusProgram(policy));
/** What a drop installs, newest first. */
const drop = (policy: number): Buffer[] => [status(policy), program(policy)];

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
    statusProgram: (policy: number) => loadBinding().statusProgram(policy),
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
  const found = { drop: { provider: 'landlock', unixSockets: 'pathname' } };
  expect(inspect({ 7: drop(landlock), 8: drop(landlock) })).toMatchObject(found);
  expect(inspect({ 7: [allow, ...drop(landlock), allow] }, 9)).toMatchObject(found);
  expect(inspect({ 7: [answer(answerStatus | denyNewUnixPeers), ...drop(landlock)] })).toMatchObject(found);
  expect(inspect({ 7: drop(answerStatus | denyTracing) })).toMatchObject({ drop: { provider: 'seccomp' } });
});

it('finds a drop that has begun and not ended', () => {
  expect(failureOf(inspect({ 7: [program(landlock)] }))).toMatch(/thread 7 .*begun and not ended/);
  expect(failureOf(inspect({ 7: [answer(-1), ...drop(landlock)] }))).toMatch(/begun and not ended/);
});

it('finds no drop where no filter speaks of one, be it in one thread alone', () => {
  expect(inspect({ 7: [allow] })).toEqual({ drop: null });
  expect(inspect({ 7: drop(landlock), 8: [allow] })).toEqual({ drop: null });
  expect(inspect({ 7: [program(withLandlock)] })).toEqual({ drop: null });
});

it('is not fooled by a program that differs in any instruction', () => {
  const [, whole = allow] = drop(landlock);
  const forged = Array.from({ length: whole.length / 8 }, (_, index) => {
    const filter = Buffer.from(whole);
    // An instruction that allows all.
    allow.copy(filter, index * 8);
    return filter;
  });
  const believed = forged.filter((filter) => {
    const inspection = inspect({ 7: [status(landlock), filter] });
    return 'drop' in inspection && inspection.drop !== null;
  });
  // Of all, only the last return says the same already.
  expect(believed).toHaveLength(believed.filter((filter) => filter.equals(whole)).length);
  expect(failureOf(inspect({ 7: [status(landlock), whole.subarray(0, -8)] }))).toMatch(/^A filter of thread 7 says/);
  expect(failureOf(inspect({ 7: [status(landlock)] }))).toMatch(/^A filter of thread 7 says/);
});

it.each([0, landlock, everyPolicyBit])('is not fooled by a filter that only answers policy %i', (policy) => {
  expect(failureOf(inspect({ 7: [answer(policy)] }))).toMatch(/another version's, or forged/);
  expect(failureOf(inspect({ 7: [answer(policy), program(landlock ^ 1 ^ answerStatus)] }))).toMatch(/forged/);
});

it('does not choose between the drops of two threads', () => {
  const other = drop(answerStatus | withLandlock | denyNewUnixPeers);
  expect(failureOf(inspect({ 7: drop(landlock), 8: other }))).toMatch(/different drops/);
});

it('says why a thread cannot be asked', () => {
  expect(failureOf(inspect({ 7: -errno.EPERM }))).toBe('The filters of thread 7 cannot be read (EPERM).');
  expect(failureOf(inspect({ 7: -errno.ETIMEDOUT }))).toMatch(/^Thread 7 does not stop: .*vfork/);
});
