// SPDX-License-Identifier: MIT
import type { RawDescriptor, RawSocket } from '../native/binding';
import type { DescriptorKind } from '../types';
import { classifyDevice } from './devices';
import { reachesElsewhere } from './proc-files';

const family = { unix: 1, inet: 2, inet6: 10, netlink: 16, packet: 17, vsock: 40 } as const;
const type = { stream: 1, datagram: 2, raw: 3 } as const;
const protocol = { tcp: 6, udp: 17, sctp: 132, udpLite: 136, mptcp: 262 } as const;

/**
 * Files without a name in any folder, which do something by themselves. Those that do not matter:
 * - pidfds: who uses one to get at a descriptor or at memory is asked anew, and refused;
 * - performance counters, and programs, maps and links of bpf: bpf() is refused, and so is what makes a
 *   counter run a program; what is attached already runs without this process. Without a filter
 *   (the kernel patch), both need privilege: the limit `privileged-process`;
 * - landlock rulesets: they only restrict;
 * - virtual machines of KVM: their network is a TUN or vhost device, which has a descriptor itself;
 * - fanotify and /dev/fuse: they answer who reads files, and lead nowhere (the limit `unix-peers`);
 * - memfd_secret: memory of whoever maps it.
 */
const anonymous: ReadonlyMap<string, DescriptorKind> = new Map([
  ['anon_inode:[io_uring]', 'io-uring'],
  // Whoever holds it answers, and adds descriptors to, the system calls of another process.
  ['anon_inode:seccomp notify', 'process-memory'],
  // After a fork it fills in pages of the parent.
  ['anon_inode:[userfaultfd]', 'process-memory'],
  // The registers of a network card and its access to memory, say.
  ['anon_inode:[vfio-device]', 'network-device'],
]);

/** What a descriptor is to the network. What the kernel says nothing about is not taken for nothing. */
export function classify(raw: RawDescriptor): DescriptorKind {
  if (raw.socket !== null) return classifySocket(raw.socket);
  const known = anonymous.get(raw.link);
  if (known !== undefined) return known;
  if (raw.device !== null) return classifyDevice(raw.device, raw.driver, raw.link);
  if (raw.mode === null) return 'network-device';
  return reachesElsewhere(raw) ? 'process-memory' : 'other';
}

function classifySocket(socket: RawSocket): DescriptorKind {
  switch (socket.family) {
    case family.unix:
      return 'unix';
    case family.inet:
    case family.inet6:
      return classifyInet(socket);
    case family.netlink:
      return 'netlink';
    case family.packet:
      return 'packet';
    case family.vsock:
      return 'vsock';
    default:
      return 'other-socket';
  }
}

// The type comes first: a raw socket may bear any protocol's number, MPTCP's included.
function classifyInet(socket: RawSocket): DescriptorKind {
  if (socket.type === type.raw) return 'raw';
  if (socket.protocol === protocol.sctp) return 'sctp';
  if (socket.type === type.stream) {
    // The kernel reports 6 for TCP, asked for by 0 or by 6.
    if (socket.protocol === protocol.tcp || socket.protocol === 0) return 'tcp';
    if (socket.protocol === protocol.mptcp) return 'mptcp';
  }
  if (socket.type === type.datagram && (socket.protocol === protocol.udp || socket.protocol === protocol.udpLite)) {
    return 'udp';
  }
  return 'other-socket';
}
