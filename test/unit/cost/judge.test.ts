// SPDX-License-Identifier: MIT
import { describeBroken, isKept } from '../../../kernel-patch/cost/judge';
import { operations, type Bar } from '../../../kernel-patch/cost/operations';
import { VmError } from '../../../vm/errors';
import { costs, guest } from './sample';
import { judgeCosts } from '../../../kernel-patch/cost/judge';

const find = (name: string, from = costs()) => from.operations.find((operation) => operation.name === name);

it('compares on with off and takes the counting itself away', () => {
  const send = find('send-udp');
  expect(send).toMatchObject({ instructions: { unpatched: 2000, off: 2000, on: 2010 }, difference: 10, kept: true });
  expect(send?.percent).toBeCloseTo(0.5);
  expect(send?.share).toEqual({ unpatched: 1, off: 1, on: 1 });
});

it('keeps bars that are just reached, and breaks them one further', () => {
  const atMost: Bar = { kind: 'instructions', most: 12 };
  expect(isKept(atMost, 12, 0)).toBe(true);
  expect(isKept(atMost, 13, 0)).toBe(false);
  expect(isKept({ kind: 'percent', below: 0.5 }, 1, 0.49)).toBe(true);
  expect(isKept({ kind: 'percent', below: 0.5 }, 1, 0.5)).toBe(false);
  expect(isKept(null, 1000, 90)).toBeNull();
});

it('says nothing about a good result', () => {
  expect(describeBroken(costs())).toEqual([]);
});

it.each([
  ['send-udp', '2016*10', 'send, UDP: 13 instructions more, and the bar is 12'],
  ['recv-udp', '2004*10', 'recv, UDP: 1 instructions more, and the bar is 0'],
  ['prctl-get', '2024*10', 'prctl PR_GET_DUMPABLE: 21 instructions more, and the bar is 20'],
  ['fork', '40203*10', 'fork: 0.50 % more, and the bar is below 0.5 %'],
])('names a broken bar of %s', (name, counts, message) => {
  expect(describeBroken(costs({ counts: { [name]: counts } }))).toEqual([message]);
});

it('does not break a bar that nobody set', () => {
  expect(describeBroken(costs({ counts: { exec: '900000*10' } }))).toEqual([]);
});

it('takes the way of most system calls, the middle of all processes, the shortest handshake', () => {
  const uneven = '2013*6 9003*4';
  expect(find('send-udp', costs({ counts: { 'send-udp': uneven } }))?.difference).toBe(10);
  expect(find('send-udp', costs({ counts: { 'send-udp': uneven } }))?.share.on).toBe(0.6);
  expect(find('connect-tcp', costs({ counts: { 'connect-tcp': '2013*1 2017*9' } }))?.difference).toBe(10);
  expect(find('fork', costs({ counts: { fork: '40003*4 40013*2 40023*5' } }))?.instructions.on).toBe(40010);
});

it('is not misled by which of two ways to a Unix datagram socket comes more often', () => {
  const more = costs({ counts: { 'sendto-unix': '2015*4 2020*6' } }, { counts: { 'sendto-unix': '2003*6 2008*4' } });
  expect(find('sendto-unix', more)).toMatchObject({ difference: 12, kept: true });
});

it('doubts a counter that does not count instructions', () => {
  expect(describeBroken(costs({ nops: 640 }))).toEqual(['on: a thousand instructions were counted as 637']);
});

it('doubts a machine in which the LSM is not what it should be', () => {
  expect(describeBroken(costs({ restrictions: 1 }))).toEqual(['on: PR_GET_NETWORK answers 1, not 0']);
  expect(describeBroken(costs({ users: 0 }))).toEqual(['on: 0 other processes could give up their network, not 1']);
  expect(describeBroken(costs({ restrictions: -22, users: 1 }))).toEqual(['on: PR_GET_NETWORK answers -22, not 0']);
  expect(describeBroken(costs({}, { restrictions: 0, users: 0 }))).toEqual(['off: PR_GET_NETWORK answers 0, not -22']);
});

it('doubts a measurement that sees no hook', () => {
  expect(describeBroken(costs({}, {}, 0))).toEqual([
    'no operation takes longer with the LSM on: the hooks were not reached',
  ]);
});

it('divides memory by the number of processes', () => {
  expect(costs().memory[0]).toMatchObject({ number: 1024, bytes: { off: 100, on: 110 }, difference: 10 });
});

it('fails when an operation was not counted', () => {
  const whole = guest(0, {});
  const part = { ...whole, counts: new Map([...whole.counts].filter(([name]) => name !== 'accept-tcp')) };
  expect(() => judgeCosts({ unpatched: whole, off: whole, on: part })).toThrow(VmError);
});

it('has a bar for all that the promise names', () => {
  const without = operations.filter(({ bar }) => bar === null).map(({ name }) => name);
  expect(without).toEqual(['ptrace-seize', 'ptrace-traceme', 'process_vm_readv', 'exec', 'thread', 'thread-join']);
  expect(new Set(operations.map(({ name }) => name)).size).toBe(operations.length);
});
