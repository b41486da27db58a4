// SPDX-License-Identifier: MIT
import type { NativeBinding, RawDescriptor } from '../native/binding';
import { procAdvice, systemError } from '../system-error';
import type { Descriptor } from '../types';
import { nameBroker } from './brokers';
import { classify } from './classify';
import { findOwners, nameOwner, type Owner } from './owners';
import { nameFamily, nameSocketType } from './socket-names';

const ringLink = 'anon_inode:[io_uring]';

/** Every descriptor of the calling thread's table that matters to the network. */
export function takeInventory(binding: NativeBinding): Descriptor[] {
  const descriptors = readDescriptors(binding);
  const mapped = binding.listMappedLinks();
  if (typeof mapped === 'number') {
    throw systemError('ERR_DISABLENETWORK_KERNEL', 'open /proc/self/maps', mapped, procAdvice);
  }
  const rings = binding.countMappedOnlyRings();
  if (rings < 0) throw systemError('ERR_DISABLENETWORK_KERNEL', 'open /proc/self/maps', rings, procAdvice);
  const links = new Set(descriptors.map(({ link }) => link));
  // All rings have the same link: whether one of them is only mapped, their inodes tell.
  if (rings > 0) links.delete(ringLink);
  const onlyMapped = mapped.filter((link) => !links.has(link)).map(describeMapping);
  const owners = findOwners(binding);
  const everyMapped = new Set(mapped);
  return [...descriptors, ...onlyMapped]
    .map((raw) => toDescriptor(raw, everyMapped, owners))
    .filter(({ kind }) => kind !== 'other');
}

/** Every descriptor of the calling thread's table, as the kernel describes it. */
export function readDescriptors(binding: NativeBinding): readonly RawDescriptor[] {
  const descriptors = binding.listDescriptors();
  if (typeof descriptors !== 'number') return descriptors;
  throw systemError('ERR_DISABLENETWORK_KERNEL', 'open /proc/thread-self/fd', descriptors, procAdvice);
}

export function toDescriptor(
  raw: RawDescriptor,
  mapped: ReadonlySet<string>,
  owners: ReadonlyMap<number, Owner> = new Map(),
): Descriptor {
  const { fd, link, socket } = raw;
  const kind = classify(raw);
  const named = socket !== null && socket.family !== 0;
  return {
    fd,
    kind,
    link,
    family: named ? nameFamily(socket.family) : null,
    type: named ? nameSocketType(socket.type) : null,
    protocol: named ? socket.protocol : null,
    state: named ? stateOf(socket) : null,
    local: socket?.local ?? null,
    remote: socket?.remote ?? null,
    networkNamespace: socket?.networkNamespace ?? null,
    broker: kind === 'unix' ? nameBroker(socket?.remote ?? null) : null,
    owner: socket === null ? null : nameOwner(owners.get(fd), socket.remote),
    // All rings have the same link: which one is mapped cannot be told.
    closable: fd >= 0 && !mapped.has(link),
  };
}

function stateOf({ listening, connected }: { listening: boolean; connected: boolean }): Descriptor['state'] {
  if (listening) return 'listening';
  return connected ? 'connected' : 'unconnected';
}

/** What a mapping alone keeps alive, as if it were the descriptor that it was made from. */
function describeMapping(link: string): RawDescriptor {
  const unknown = { family: 0, type: 0, protocol: 0, listening: false, connected: false };
  const nothing = { local: null, remote: null, networkNamespace: null };
  return {
    fd: -1,
    link,
    // The name is all that is known.
    mode: 0,
    writable: true,
    // No device has this number or driver: the name decides.
    device: link.startsWith('/dev/') ? '0:0' : null,
    driver: link.startsWith('/dev/') ? 'unknown' : null,
    inProc: false,
    socket: link.startsWith('socket:') ? { ...unknown, ...nothing } : null,
  };
}
