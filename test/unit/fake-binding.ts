// SPDX-License-Identifier: MIT
// A kernel of the test's choice: what it answers, and a record of what was asked of it.
import { addressFamily, errno, socketType } from '../../lib/native/constants';
import type {
  BeginOutcome,
  BroadcastAnswer,
  NativeBinding,
  RawDescriptor,
  RawSocket,
  RawThread,
  ThreadAnswer,
} from '../../lib/native/binding';

export interface FakeKernel {
  networkPrctl?: number;
  landlockAbi?: number;
  seccomp?: number;
  /** What socket(AF_INET) answers now. */
  inetSocket?: number;
  /** What the trial of a drop answers; with Landlock and without. */
  trial?: (withLandlock: boolean) => number;
  descriptors?: RawDescriptor[];
  threads?: RawThread[] | (() => RawThread[]);
  /** The device files that can be opened. */
  deviceFiles?: RawDescriptor[] | number;
  /** What the event loop holds: objects of Node, and descriptors of c-ares. */
  handles?: unknown[];
  polled?: number[];
  mappedLinks?: string[];
  mappedOnlyRings?: number;
  sealableRings?: number[] | number;
  tracees?: number[];
  /** What the threads answer to a broadcast, and the broadcast itself. */
  answers?: ThreadAnswer[];
  /** The filters of every thread. */
  dump?: Uint8Array[];
  broadcastResult?: number;
  silent?: number[];
  /** What putting the drop in force comes to. */
  begin?: Partial<BeginOutcome>;
  finish?: number;
  /** Why an earlier drop failed halfway. */
  unfinished?: string;
  /** What the attempts can be made of. */
  prepared?: number;
  descriptorsLeft?: number;
  /** What the threads say of registered rings. */
  rings?: BroadcastAnswer;
}

export interface FakeBinding {
  binding: NativeBinding;
  /** Calls that would change a real process. */
  changes: string[];
}

export function thread(tid: number, fields: Record<string, string> = {}): RawThread {
  const values = {
    Name: 'node',
    NoNewPrivs: '0',
    Seccomp: '0',
    Seccomp_filters: '0',
    CapPrm: '0000000000000000',
    ...fields,
  };
  const status = Object.entries(values).map(([name, value]) => `${name}:\t${value}\n`);
  const stat = `${String(tid)} (node) S ${Array.from({ length: 50 }, () => '0').join(' ')}\n`;
  return { tid, status: status.join(''), stat, foreign: [] };
}

export function socket(
  fd: number,
  family: number,
  type: number,
  protocol: number,
  more: Partial<RawSocket> = {},
): RawDescriptor {
  const details = {
    family,
    type,
    protocol,
    listening: false,
    connected: false,
    local: null,
    remote: null,
    networkNamespace: null,
    ...more,
  };
  const link = `socket:[${String(1000 + fd)}]`;
  return { fd, link, mode: 0o140777, writable: true, device: null, driver: null, inProc: false, socket: details };
}

export const tcpSocket = (fd: number, more: Partial<RawSocket> = {}): RawDescriptor =>
  socket(fd, addressFamily.inet, socketType.stream, 6, { local: '127.0.0.1:1', remote: '127.0.0.1:2', ...more });
export const udpSocket = (fd: number): RawDescriptor => socket(fd, addressFamily.inet, socketType.datagram, 17);

export function fakeBinding(kernel: FakeKernel = {}): FakeBinding {
  const changes: string[] = [];
  const change = (name: string): number => {
    changes.push(name);
    return 0;
  };
  const broadcast = (name: string): BroadcastAnswer => {
    changes.push(name);
    return { result: kernel.broadcastResult ?? 0, answers: kernel.answers ?? [], silent: [] };
  };
  const listThreads = (): RawThread[] =>
    typeof kernel.threads === 'function' ? kernel.threads() : (kernel.threads ?? [thread(1), thread(2)]);
  const binding: NativeBinding = {
    prctlSetNetwork: () => change('prctlSetNetwork'),
    prctlGetNetwork: () => kernel.networkPrctl ?? -errno.EINVAL,
    prctlSetNoSuid: () => change('prctlSetNoSuid'),
    prctlGetNoSuid: () => -errno.EINVAL,
    lockProcess: () => 0,
    unlockProcess: () => undefined,
    askKernel: () => ({ landlockAbi: kernel.landlockAbi ?? 7, seccomp: kernel.seccomp ?? 0 }),
    seccompProgram: () => -errno.EINVAL,
    seccompDump: () => kernel.dump ?? -errno.EPERM,
    statusProgram: () => -errno.EINVAL,
    beginDrop: () => {
      changes.push('beginDrop');
      return { result: 0, step: 0, thread: 0, hasChanged: false, sealed: [], ...kernel.begin };
    },
    finishDrop: () => change('finishDrop') + (kernel.finish ?? 0),
    markUnfinished: () => change('markUnfinished'),
    unfinishedReason: () => kernel.unfinished ?? null,
    prepareAttempts: (wanted) => kernel.prepared ?? wanted,
    closeAttempts: () => undefined,
    tryInEveryThread: () => ({
      result: kernel.broadcastResult ?? 0,
      answers: kernel.answers ?? [],
      silent: kernel.silent ?? [],
    }),
    noNewPrivilegesOnAllThreads: () => broadcast('noNewPrivilegesOnAllThreads'),
    countRegisteredRings: () => kernel.rings ?? { result: 0, answers: [], silent: [] },
    trySocket: () => kernel.inetSocket ?? 0,
    trialDrop: (_policy, handledNetwork) => kernel.trial?.(handledNetwork !== 0) ?? 0,
    currentThread: () => listThreads()[0]?.tid ?? 1,
    listThreads,
    listTracees: () => kernel.tracees ?? [],
    listDescriptors: () => kernel.descriptors ?? [],
    countDescriptorsLeft: () => kernel.descriptorsLeft ?? 1000,
    listDeviceFiles: () => kernel.deviceFiles ?? [],
    inspectEventLoop: () => ({ handles: kernel.handles ?? [], polled: kernel.polled ?? [] }),
    countMappedOnlyRings: () => kernel.mappedOnlyRings ?? 0,
    listMappedLinks: () => kernel.mappedLinks ?? [],
    listSealableRings: () => kernel.sealableRings ?? [],
    killDescriptors: (descriptors) => descriptors.map(({ fd }) => change(`kill ${String(fd)}`)),
    hasKilledDescriptors: () => changes.some((name) => name.startsWith('kill ')),
    execute: () => change('execute'),
  };
  return { binding, changes };
}
