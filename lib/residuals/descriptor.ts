// SPDX-License-Identifier: MIT
import { closingAdvice } from './closing-advice';
import type { Descriptor, DescriptorKind, ProviderName, Residual, ResidualId, UnixSocketPolicy } from '../types';
import { landlockAbi, needsFilter } from '../kernel/enforcement';

/** What is in force, as far as it decides what a descriptor that is open can still do. */
export interface Confinement {
  readonly provider: ProviderName;
  readonly landlockAbi: number;
  readonly unixSockets: UnixSocketPolicy;
  readonly listenDenied: boolean;
  /** Descriptors of rings that the kernel restricts to epoll_ctl, or will; `'all'` when every one is. */
  readonly restrictedRings: 'all' | readonly number[];
  /** The drop was made by an earlier call, in this process or in one that it descends from. */
  readonly alreadyInForce: boolean;
}

/** What stays open through this descriptor; null when nothing does. */
export function residualOf(descriptor: Descriptor, confinement: Confinement): Residual | null {
  const ways = waysThrough(descriptor, confinement);
  const id = residualIdOf[descriptor.kind];
  if (ways.length === 0 || id === null) return null;
  return { id, descriptor, ways, remedy: remedyFor(descriptor, id), closable: descriptor.closable };
}

const residualIdOf: Readonly<Record<DescriptorKind, ResidualId | null>> = {
  unix: 'unix-datagram-socket',
  tcp: 'tcp-socket',
  mptcp: 'mptcp-socket',
  udp: 'udp-socket',
  sctp: 'sctp-socket',
  raw: 'raw-socket',
  packet: 'packet-socket',
  netlink: 'netlink-socket',
  vsock: 'vsock-socket',
  'other-socket': 'other-socket',
  'io-uring': 'io-uring',
  'network-device': 'network-device',
  'process-memory': 'process-memory',
  other: null,
};

function waysThrough(descriptor: Descriptor, confinement: Confinement): readonly string[] {
  switch (descriptor.kind) {
    case 'unix':
      return waysThroughUnix(descriptor, confinement);
    case 'tcp':
      return waysThroughTcp(confinement);
    case 'mptcp':
      return waysThroughMptcp(confinement);
    case 'udp':
      return waysThroughUdp(confinement);
    case 'raw':
    case 'packet':
      // The caller writes the packet's own header, so a plain write reaches any address. The kernel
      // patch knows these sockets.
      return confinement.provider === 'lsm' ? [] : ['write() of a packet with any address in it'];
    case 'network-device':
      return ['write() of packets or frames to the device'];
    case 'process-memory':
      return ['write() into the memory, or answers to the system calls, of a process that has the network'];
    case 'sctp':
    case 'netlink':
    case 'vsock':
    case 'other-socket':
      return waysThroughOther(descriptor, confinement);
    case 'io-uring':
      return waysThroughRing(descriptor, confinement);
    case 'other':
      return [];
  }
}

/** A frame in the ring of an AF_XDP socket is sent by poll(), which no hook of the kernel sees (net/xdp/xsk.c). */
function waysThroughOther({ family }: Descriptor, { provider }: Confinement): readonly string[] {
  if (provider !== 'lsm') return ['connect() and sendmsg() to any address of its family'];
  return family === 'AF_XDP' ? ['poll() sends any frame that waits in its ring'] : [];
}

/** Every event loop of Node since 22 has a ring; the kernel can restrict those (csrc/rings/seal.h). */
function waysThroughRing(
  { fd }: Descriptor,
  { provider, unixSockets, restrictedRings }: Confinement,
): readonly string[] {
  const isRestricted = restrictedRings === 'all' || restrictedRings.includes(fd);
  return isRestricted || !needsFilter(provider, unixSockets)
    ? []
    : ['requests on the ring: they pass no seccomp filter'];
}

/** A connected Unix datagram socket can still name another receiver in sendmsg (unix(7)). */
function waysThroughUnix(descriptor: Descriptor, { unixSockets }: Confinement): readonly string[] {
  const isDatagram = descriptor.type === 'SOCK_DGRAM' || descriptor.type === 'SOCK_RAW';
  return unixSockets === 'connected' && isDatagram ? ['sendmsg() to any Unix datagram socket'] : [];
}

function waysThroughTcp({ provider, unixSockets, listenDenied }: Confinement): readonly string[] {
  if (provider === 'lsm' || unixSockets === 'connected') return [];
  const ways = provider === 'seccomp' ? ['connect() to any address, after connect(AF_UNSPEC) if it is connected'] : [];
  return listenDenied ? ways : [...ways, 'listen() on a port of the kernel’s choice, after connect(AF_UNSPEC)'];
}

/** Landlock's TCP rights leave MPTCP alone (its errata: only TCP proper is restricted). */
function waysThroughMptcp({ provider, unixSockets }: Confinement): readonly string[] {
  return provider === 'lsm' || unixSockets === 'connected' ? [] : ['connect() to any address'];
}

function waysThroughUdp({ provider, landlockAbi: abi }: Confinement): readonly string[] {
  if (provider === 'lsm') return [];
  if (provider === 'landlock' && abi >= landlockAbi.udp) {
    // No filter sees a control message, and Landlock looks at the address alone.
    return ['sendmsg() with a source-routing control message'];
  }
  return ['sendmsg() and connect() to any address'];
}

export function remedyFor(descriptor: Descriptor, id: ResidualId): string {
  const closing = descriptor.closable ? `${closingAdvice(descriptor)}, pass residuals: 'close'` : unmapping(descriptor);
  const narrowing = id === 'tcp-socket' || id === 'mptcp-socket' ? ", pass unixSockets: 'connected'" : '';
  return `${closing}${narrowing}, or accept it with residuals: ['${id}'].`;
}

/** What is mapped lives on without its descriptor. */
function unmapping({ fd, kind, link }: Descriptor): string {
  const what = fd < 0 ? link : `descriptor ${String(fd)}`;
  return kind === 'io-uring'
    ? `End the ring behind ${what} and unmap it (for Node's own: unset UV_USE_IO_URING)`
    : `Close ${what} and unmap its memory`;
}
