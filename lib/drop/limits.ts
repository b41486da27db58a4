// SPDX-License-Identifier: MIT
import { findNetworkDeviceFiles } from '../inventory';
import type { NativeBinding } from '../native/binding';
import type { Descriptor, Limit, LimitId, SideEffect, SideEffectId } from '../types';
import { landlockAbi, needsFilter } from '../kernel/enforcement';
import type { Confinement } from '../residuals/descriptor';

const limitDescriptions: Readonly<Record<LimitId, string>> = {
  'abstract-unix-names': 'Abstract Unix sockets of other processes can be reached.',
  'process-memory-files': 'The memory of other processes of the same user can be written through /proc/PID/mem.',
  'received-descriptors':
    'A socket that comes from another process can be used: sent over a Unix socket, now or unread since before, or ' +
    'opened in a descriptor table that both share.',
  'unix-peers':
    'A process that has the network can use it on request: behind a Unix socket (D-Bus, Docker, tmux), a pipe, a ' +
    'terminal, a signal, memory that both share, a file that it runs or reads.',
  'accepted-connections': 'Listening sockets go on accepting connections.',
  'typing-into-terminals':
    'The process can type into a terminal that it shares (TIOCSTI), where a shell with the network may read.',
  'helpers-of-the-kernel': 'request_key() can make the kernel start a program with the network, as one for DNS does.',
  'network-devices': 'Whoever opens a device of the network sends what it writes to it',
  'privileged-process':
    'The process holds capabilities: it can ask the kernel for more than sockets (mounts, modules, devices).',
};

const sideEffectDescriptions: Readonly<Record<SideEffectId, string>> = {
  'unix-listen':
    'No socket can listen any more, Unix sockets included: a TCP socket is kept, and it could be made to listen.',
  'unix-connect': 'No new connections over Unix sockets, no new Unix datagram sockets.',
  'abstract-names-eperm':
    'Abstract Unix names answer EPERM, and X clients with DISPLAY=:0 fail; after ln -s X0 /tmp/.X11-unix/X1000, DISPLAY=:1000 works.',
  'io-uring': 'io_uring answers ENOSYS.',
  'foreign-abi': '32-bit programs are killed (SIGSYS).',
  tracing:
    'Debuggers do not work as before: no process can be traced or looked into that has the network, and under seccomp none at all.',
};

/** The same when everything has been looked at again: a listener may have come since. */
export function limitsAfterwards(limits: readonly Limit[], open: readonly Descriptor[]): readonly Limit[] {
  const id = 'accepted-connections';
  if (!open.some(acceptsConnections) || limits.some((limit) => limit.id === id)) return limits;
  return [...limits, { id, description: limitDescriptions[id] }];
}

function acceptsConnections({ state, kind }: Descriptor): boolean {
  return state === 'listening' && kind !== 'unix';
}

/** What stays open whatever is open now. */
export function limitsOf(
  confinement: Confinement,
  kept: readonly Descriptor[],
  privileged: boolean,
  devices: readonly string[],
): Limit[] {
  const ids: LimitId[] = [];
  if (abstractNamesOpen(confinement)) ids.push('abstract-unix-names');
  if (confinement.provider === 'seccomp') ids.push('process-memory-files');
  ids.push('received-descriptors', 'unix-peers');
  if (kept.some(acceptsConnections)) ids.push('accepted-connections');
  // The kernel patch is about sockets; elsewhere, and with it when Unix peers are refused, a filter is in force.
  if (!needsFilter(confinement.provider, confinement.unixSockets)) {
    ids.push('typing-into-terminals', 'helpers-of-the-kernel');
  }
  if (devices.length > 0) ids.push('network-devices');
  if (privileged) ids.push('privileged-process');
  return ids.map((id) => ({ id, description: limitDescriptions[id] + detailOf(id, devices) }));
}

function detailOf(id: LimitId, devices: readonly string[]): string {
  return id === 'network-devices' ? `, and this process may open ${devices.join(', ')}.` : '';
}

/** The devices behind the limit `network-devices`. */
export function findOpenableDevices(binding: NativeBinding, confinement: Confinement): string[] {
  return findNetworkDeviceFiles(binding, needsFilter(confinement.provider, confinement.unixSockets));
}

/** What stops working although it is no network. */
export function sideEffectsOf(confinement: Confinement): SideEffect[] {
  const { provider, unixSockets } = confinement;
  const ids: SideEffectId[] = [];
  if (confinement.listenDenied) ids.push('unix-listen');
  if (unixSockets === 'connected') ids.push('unix-connect');
  if (provider === 'landlock' && unixSockets === 'pathname' && !abstractNamesOpen(confinement)) {
    ids.push('abstract-names-eperm');
  }
  if (needsFilter(provider, unixSockets)) ids.push('io-uring', 'foreign-abi');
  ids.push('tracing');
  return ids.map((id) => ({ id, description: sideEffectDescriptions[id] }));
}

function abstractNamesOpen({ provider, unixSockets, landlockAbi: abi }: Confinement): boolean {
  if (unixSockets !== 'pathname') return unixSockets === 'all';
  return provider === 'seccomp' || (provider === 'landlock' && abi < landlockAbi.abstractNames);
}
