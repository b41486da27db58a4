// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import type { RawThread } from '../native/binding';
import type { Descriptor, Residual } from '../types';
import { remedyFor } from './descriptor';

/**
 * Rings that a thread of another process polls: it makes whatever request is written into the shared
 * memory, with the network that its own process has. Of a ring that is only mapped the kernel does not say
 * who polls it: it is taken for one. Beside them the kernel patch covers every ring,
 * for each request is made by a thread of this process (io_uring_setup(2), IORING_SETUP_SQPOLL).
 */
export function findPolledRings(
  descriptors: readonly Descriptor[],
  threads: readonly RawThread[],
  read = readDescriptorInfo,
): Residual[] {
  return descriptors
    .filter(({ kind, fd }) => kind === 'io-uring' && (fd < 0 || isPolledElsewhere(() => read(fd), threads)))
    .map((descriptor) => ({
      id: 'io-uring',
      descriptor,
      ways: [`requests on the ring: another process ${descriptor.fd < 0 ? 'may poll' : 'polls'} it, and makes them`],
      remedy: remedyFor(descriptor, 'io-uring'),
      closable: descriptor.closable,
    }));
}

/** How often a ring has to say that nobody polls it until it is believed. */
const reads = 32;

/**
 * The line `SqThread` of /proc/PID/fdinfo/FD (io_uring/fdinfo.c): -1 when nobody polls the ring, and when
 * somebody holds the ring's lock at that moment, as a busy poller does. So it is asked several times.
 */
function findPoller(read: () => string | null): string | undefined {
  for (let count = 1; ; count += 1) {
    const line = read()
      ?.split('\n')
      .find((one) => one.startsWith('SqThread:'));
    const poller = /^SqThread:\s*(-?\d+)$/.exec(line ?? '')?.[1];
    if (poller !== '-1' || count === reads) return poller;
  }
}

function isPolledElsewhere(read: () => string | null, threads: readonly RawThread[]): boolean {
  const poller = findPoller(read);
  // Who cannot be asked is taken for somebody else's; so is the own one in another pid namespace.
  return poller === undefined || (poller !== '-1' && !threads.some(({ tid }) => String(tid) === poller));
}

function readDescriptorInfo(fd: number): string | null {
  try {
    return readFileSync(`/proc/thread-self/fdinfo/${String(fd)}`, 'utf8');
  } catch {
    return null; // It was closed meanwhile, or Node's permission model does not let this read.
  }
}
