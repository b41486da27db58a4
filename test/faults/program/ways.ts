// SPDX-License-Identifier: MIT
// Which ways a receipt says are shut, and whether they are, in every thread.
import { readdirSync } from 'node:fs';
import { getSystemErrorName } from 'node:util';

import type { Receipt } from '../../../lib';
import type { Addon } from './addon';
import type { Problem } from './launch';

/** In the order of `enum probe` in ../native/probes.h. */
const ways = [
  'an inet socket',
  'TCP connect on a socket of before',
  'connect on a socket that another thread has made',
  'an abstract name',
  'the memory file of another process',
  'process_vm_readv of another process',
  'a new io_uring',
] as const;
const inetSocket = 0;
const tcpConnect = 1;
const ownConnect = 2;
const abstractName = 3;
const memoryFile = 4;
const memoryCall = 5;
const ring = 6;

/** What a kernel says that refuses; EBADF: there is no such socket. */
const refusals = ['EPERM', 'EACCES', 'ENOSYS', 'EBADF'];

const nameOf = (result: number): string => (result < 0 ? getSystemErrorName(result) : 'success');

const ownThreads = (): number[] => readdirSync('/proc/self/task').map(Number);

type Claims = Pick<Receipt, 'provider' | 'landlockAbi' | 'limits'>;

/** The ways that this provider shuts whatever the receipt says, and those that the receipt does not except. */
export function shutBy({ provider, landlockAbi, limits }: Claims): number[] {
  const excepted = (id: string) => limits.some((limit) => limit.id === id);
  const shut = [inetSocket, tcpConnect, ownConnect, memoryCall];
  if (provider === 'lsm' || (provider === 'landlock' && landlockAbi >= 6) || !excepted('abstract-unix-names')) {
    shut.push(abstractName);
  }
  if (provider !== 'seccomp' || !excepted('process-memory-files')) shut.push(memoryFile);
  // Each request on a ring passes the kernel patch; elsewhere it passes nothing.
  if (provider !== 'lsm') shut.push(ring);
  return shut;
}

/** Everything that is tried has to be open before, or a refusal would say nothing. */
export function findControlProblems(before: readonly number[], hasTcpSocket: boolean): Problem[] {
  const wanted = [inetSocket, abstractName, memoryFile, memoryCall, ring, ...(hasTcpSocket ? [tcpConnect] : [])];
  return wanted
    .filter((way) => (before[way] ?? -1) < 0)
    .map((way) => ({
      kind: 'control',
      what: `${ways[way] ?? ''} answers ${nameOf(before[way] ?? -1)} before the drop`,
    }));
}

type Judge = (way: number, answer: number) => boolean;

/** The answers that are wrong, each with the threads that give it. */
function findAnswers(addon: Addon, kind: Problem['kind'], tids: readonly number[], isWrong: Judge): Problem[] {
  const found = new Map<string, number[]>();
  const problems: Problem[] = [];
  for (const tid of tids) {
    const results = addon.tryWays(tid);
    if (typeof results === 'number') {
      problems.push(...unanswered(tid, results));
      continue;
    }
    for (const [way, result] of results.entries()) {
      if (!isWrong(way, result)) continue;
      const what = `${ways[way] ?? ''} answers ${nameOf(result)}`;
      found.set(what, [...(found.get(what) ?? []), tid]);
    }
  }
  problems.push(...[...found].map(([what, where]) => ({ kind, what: `${what} in ${where.join(' ')}` })));
  return problems;
}

/** Ways that are open to these threads although they are said to be shut. */
export function findOpenWays(addon: Addon, claims: Claims, tids = ownThreads()): Problem[] {
  const shut = shutBy(claims);
  return findAnswers(addon, 'lie', tids, (way, result) => {
    const isRefused = refusals.includes(nameOf(result)) || (way === abstractName && nameOf(result) === 'ECONNREFUSED');
    return shut.includes(way) && !isRefused;
  });
}

/** Ways that were open before the call and are not now, in any thread. */
export function findShutWays(addon: Addon, before: readonly number[]): Problem[] {
  return findAnswers(addon, 'changed', ownThreads(), (way, result) => {
    return way !== ownConnect && (before[way] ?? -1) >= 0 && result < 0;
  });
}

/** A thread that ends meanwhile has nothing to say. */
function unanswered(tid: number, result: number): Problem[] {
  if (!ownThreads().includes(tid)) return [];
  return [{ kind: 'changed', what: `thread ${tid} does not answer (${nameOf(result)})` }];
}

/** What threads that came and went found open after the receipt. */
export function findEscapes(addon: Addon, claims: Claims): Problem[] {
  const [chains, tried, open] = addon.chain();
  if (chains > 0 && tried === 0) return [{ kind: 'control', what: 'no thread that came and went has tried' }];
  return shutBy(claims)
    .filter((way) => (open & (1 << way)) !== 0)
    .map((way) => ({ kind: 'lie', what: `${ways[way] ?? ''} was open to a thread that came and went` }));
}
