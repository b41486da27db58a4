// SPDX-License-Identifier: MIT
import type { CommandContext } from '../../../lib/cli/context';
import type { Descriptor, KernelSupport, NetworkStatus, Receipt, Residual } from '../../../lib/types';

export const descriptor: Descriptor = {
  fd: 5,
  kind: 'tcp',
  link: 'socket:[1234]',
  family: 'AF_INET',
  type: 'SOCK_STREAM',
  protocol: 6,
  state: 'connected',
  local: '127.0.0.1:4000',
  remote: '127.0.0.1:5432',
  networkNamespace: null,
  broker: null,
  owner: null,
  closable: true,
};

export const residual: Residual = {
  id: 'udp-socket',
  descriptor: { ...descriptor, fd: 3, kind: 'udp', state: 'unconnected', local: '0.0.0.0:53', remote: null },
  ways: ['sendmsg() to any address'],
  remedy: 'Close it.',
  closable: true,
};

export const receipt: Receipt = {
  alreadyDisabled: false,
  provider: 'landlock',
  landlockAbi: 7,
  unixSockets: 'pathname',
  mechanisms: ['no_new_privs', 'seccomp'],
  threads: 7,
  kept: [],
  closed: [],
  tried: ['socket'],
  accepted: [],
  limits: [],
  sideEffects: [],
};

export const support: KernelSupport = {
  platform: 'linux',
  architecture: 'x64',
  kernelRelease: '6.18.0',
  sandbox: null,
  provider: 'landlock',
  landlockAbi: 7,
  mechanisms: [
    { name: 'seccomp', state: 'active', reason: 'New sockets can be refused.', remedy: null },
    { name: 'threads', state: 'degraded', reason: 'One thread at a time.', remedy: 'Linux 7.0 does it at once.' },
    { name: 'patch', state: 'absent', reason: 'The kernel does not know it.', remedy: 'Boot a patched one.' },
  ],
};

export function makeStatus(pid: number, network: NetworkStatus['network']): NetworkStatus {
  const known = network === 'disabled';
  return {
    pid,
    network,
    provider: known ? 'landlock' : null,
    unixSockets: known ? 'pathname' : null,
    reason: `It is ${network}.`,
    threads: [],
  };
}

export interface FakeContext extends CommandContext {
  readonly written: { output: string; errors: string };
  readonly calls: readonly unknown[][];
}

/** A context that does nothing but note what it was asked for. */
export function createFakeContext(overrides: Partial<CommandContext> = {}): FakeContext {
  const written = { output: '', errors: '' };
  const calls: unknown[][] = [];
  const note = <Value>(name: string, value: Value): ((...args: unknown[]) => Value) => {
    return (...args) => {
      calls.push([name, ...args]);
      return value;
    };
  };
  return {
    packageVersion: '1.2.3',
    nodeVersion: 'v20.0.0',
    libc: 'glibc 2.36',
    width: 80,
    path: '/first::/second',
    disableNetwork: note('disableNetwork', receipt),
    networkStatus: note('networkStatus', makeStatus(1, 'enabled')),
    kernelSupport: note('kernelSupport', support),
    listInherited: () => [3, 5, 7],
    execute: note('execute', -2),
    fileExists: () => false,
    openReceipt: (file) => {
      calls.push(['openReceipt', file]);
      return { write: note('write', undefined) };
    },
    listProcesses: note('listProcesses', []),
    processExists: () => true,
    areProcessesHidden: () => false,
    writeOutput: (text) => {
      written.output += text;
    },
    writeError: (text) => {
      written.errors += text;
    },
    ...overrides,
    written,
    calls,
  };
}
