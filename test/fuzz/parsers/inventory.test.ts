// SPDX-License-Identifier: MIT
// What decides whether the network is off, on texts that no kernel wrote: an error, or more said to be
// open than is, but never less.
import { readFileSync } from 'node:fs';

import { findInherited } from '../../../lib/cli/run/inherited-descriptors';
import { exactArguments, splitAtNul } from '../../../lib/cli/run/exact-bytes';
import { DisableNetworkError } from '../../../lib/errors';
import { nameBroker } from '../../../lib/inventory/brokers';
import { classify } from '../../../lib/inventory/classify';
import { findForeignDescriptors } from '../../../lib/residuals/foreign-descriptors';
import { toDescriptor } from '../../../lib/inventory/take-inventory';
import { parseThreadStatus } from '../../../lib/inventory/thread-status';
import type { RawDescriptor, RawSocket, RawThread } from '../../../lib/native/binding';
import { findPolledRings } from '../../../lib/residuals/polled-rings';
import { readKernelPatchState } from '../../../lib/kernel/kernel-patch-state';
import { type Random, repeat, timeLimit } from '../support/budget';
import { attempt, mutate, randomText } from '../support/mutate';

const short = 1;
jest.setTimeout(timeLimit(short));

const isOurs = (error: unknown): boolean =>
  error instanceof DisableNetworkError && error.code === 'ERR_DISABLENETWORK_KERNEL';
const tid = process.pid;
const status = readFileSync(`/proc/self/task/${String(tid)}/status`, 'utf8');
const stat = readFileSync(`/proc/self/task/${String(tid)}/stat`, 'utf8');

/** What the line says, read in the plainest way: every line is looked at, and they have to agree. */
function linesOf(text: string, name: string): string[] {
  const found: string[] = [];
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':\t');
    if (colon >= 0 && line.slice(0, colon) === name) found.push(line.slice(colon + 2));
  }
  return found;
}

test('/proc/PID/status and stat: no thread is called covered that is not', () => {
  const covered = status.replace(/^(NoNewPrivs:\t).*$/m, '$11').replace(/^(Seccomp:\t).*$/m, '$12');
  let read = 0;
  let refused = 0;
  repeat('thread status', short, (random) => {
    for (let left = 100; left > 0; left -= 1) {
      const original = random.pick([status, covered]);
      const thread = {
        tid,
        status: mutate(random, original),
        stat: random.onceIn(2) ? stat : mutate(random, stat),
        foreign: [],
      };
      const state = attempt(() => parseThreadStatus(thread), isOurs);
      if (state === null) {
        refused += 1;
        continue;
      }
      read += 1;
      if (state.noNewPrivileges) expect(linesOf(thread.status, 'NoNewPrivs')[0]).toMatch(/^0*1$/);
      if (state.seccompMode === 2) expect(linesOf(thread.status, 'Seccomp')[0]).toMatch(/^0*2$/);
      if ((state.seccompFilters ?? 0) > 0) expect(linesOf(thread.status, 'Seccomp_filters')[0]).toMatch(/^\d+$/);
      // A worker of the kernel is left out of the check, so that a thread must not pass for one.
      if (state.kernelWorker)
        expect(Number(thread.stat.slice(thread.stat.lastIndexOf(') ') + 2).split(' ')[6])).toBeGreaterThan(15);
    }
  });
  expect(read).toBeGreaterThan(0);
  expect(refused).toBeGreaterThan(0);
});

test('/proc/PID/attr/disablenetwork/current: only the four texts of the kernel are believed', () => {
  const texts = ['on', 'off'].flatMap((network) =>
    ['on', 'off'].map((nosuid) => `network=${network} nosuid=${nosuid}\n`),
  );
  let believed = 0;
  repeat('kernel patch state', short, (random) => {
    for (let left = 200; left > 0; left -= 1) {
      const text = random.onceIn(8) ? random.pick(texts) : mutate(random, random.pick(texts));
      const state = readKernelPatchState(1, () => text);
      expect(state).toEqual(texts.includes(text) ? { networkOff: text.startsWith('network=off') } : 'unreadable');
      believed += state === 'unreadable' ? 0 : 1;
    }
  });
  expect(believed).toBeGreaterThan(0);
});

const ringInformation = 'pos:\t0\nflags:\t02000002\nmnt_id:\t15\nino:\t3057\nSqMask:\t0x7f\nSqHead:\t0\nSqTail:\t0\nSqThread:\t-1\nSqThreadCpu:\t-1\nUserFiles:\t0\n'; // prettier-ignore
const ring: RawDescriptor = {
  fd: 5,
  link: 'anon_inode:[io_uring]',
  mode: 0o600,
  writable: true,
  device: null,
  driver: null,
  inProc: false,
  socket: null,
};

test('/proc/PID/fdinfo: a ring that somebody else may poll is never passed over', () => {
  const threads: RawThread[] = [{ tid, status, stat, foreign: [] }];
  let found = 0;
  let passed = 0;
  repeat('ring information', short, (random) => {
    for (let left = 100; left > 0; left -= 1) {
      const original = ringInformation.replace('SqThread:\t-1', `SqThread:\t${String(random.pick([-1, tid, 1, 77]))}`);
      const text = random.onceIn(20) ? null : mutate(random, original);
      const residuals = findPolledRings([toDescriptor(ring, new Set())], threads, () => text);
      const said = (text ?? '').split('\n').filter((line) => line.startsWith('SqThread:'));
      const harmless = ['-1', String(tid)].includes(said[0]?.slice(9).trim() ?? '');
      if (!harmless) expect(residuals).toHaveLength(1);
      found += residuals.length;
      passed += residuals.length === 0 ? 1 : 0;
    }
  });
  expect(found).toBeGreaterThan(0);
  expect(passed).toBeGreaterThan(0);
});

function randomSocket(random: Random): RawSocket | null {
  if (random.onceIn(2)) return null;
  const name = (): string | null => (random.onceIn(2) ? null : randomText(random, random.below(108)));
  const number = (): number => random.pick([0, 1, 2, 3, 6, 10, 16, 17, 132, 262, random.below(300)]);
  const [listening, connected] = [random.onceIn(2), random.onceIn(2)];
  return { family: number(), type: number(), protocol: number(), listening, connected, local: name(), remote: name(), networkNamespace: null }; // prettier-ignore
}

const links = ['socket:[77]', 'anon_inode:[io_uring]', 'anon_inode:[eventpoll]', '/dev/net/tun', '/dev/null', '/proc/7/mem', '/tmp/a', 'pipe:[5]', 'anon_inode:seccomp notify']; // prettier-ignore

test('the links of /proc/PID/fd: every socket and every ring is something', () => {
  repeat('descriptors', short, (random) => {
    for (let left = 200; left > 0; left -= 1) {
      const original = random.pick(links);
      const link = random.onceIn(2) ? original : mutate(random, original);
      const socket = randomSocket(random);
      const raw: RawDescriptor = { fd: random.below(100), link, mode: random.pick([null, 0, 0o600, 0o100600, 0o100644]), writable: random.onceIn(2), device: random.onceIn(4) ? '10:200' : null, driver: null, inProc: random.onceIn(2), socket }; // prettier-ignore
      const { kind, closable } = toDescriptor(raw, new Set([random.pick(links)]));
      if (socket !== null || link === 'anon_inode:[io_uring]' || raw.device === '10:200')
        expect(kind).not.toBe('other');
      if (socket !== null && socket.family !== 1) expect(kind).not.toBe('unix');
      expect(classify(raw)).toBe(kind);
      expect(typeof closable).toBe('boolean');
      const foreign = findForeignDescriptors([raw], []);
      if (kind !== 'other' || link.startsWith('anon_inode:[io_uring]')) expect(foreign).toEqual([raw]);
      const remote = `/${mutate(random, 'run/user/0/.ssh/a/b/c@host:22/docker.sock')}`;
      const broker = attempt(
        () => nameBroker(remote),
        () => false,
      );
      if (remote.endsWith('/docker.sock')) expect(broker).not.toBeNull();
    }
  });
});

test('the links of /proc/self/fd at the start of a command: what is below the first epoll was inherited', () => {
  repeat('inherited descriptors', short, (random) => {
    const table = new Map<number, string>();
    for (let left = random.below(30); left > 0; left -= 1)
      table.set(random.below(40), mutate(random, random.pick(links)));
    const inherited = findInherited(table);
    const numbers = [...table.keys()].filter((fd) => fd > 2).sort((a, b) => a - b);
    const epoll = numbers.find((fd) => table.get(fd) === 'anon_inode:[eventpoll]') ?? Infinity;
    expect(inherited).toEqual(expect.arrayContaining(numbers.filter((fd) => fd < epoll)));
    expect(inherited.every((fd) => table.has(fd) && fd > 2)).toBe(true);
    expect(inherited).not.toContain(epoll);
  });
});

test('/proc/self/cmdline and environ: the bytes come back', () => {
  repeat('exact bytes', short, (random) => {
    const texts = Array.from({ length: random.below(6) }, () =>
      Buffer.from(Array.from({ length: random.below(12) }, () => 1 + random.below(255))),
    );
    const joined = Buffer.concat(texts.flatMap((text) => [text, Buffer.from([0])]));
    expect(splitAtNul(joined)).toEqual(texts);
    expect(exactArguments(texts.map(String), joined)).toEqual(texts);
    const broken = Buffer.from(mutate(random, joined.toString('latin1')), 'latin1');
    expect(exactArguments(texts.map(String), broken)).toHaveLength(texts.length);
  });
});
