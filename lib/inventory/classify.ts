// SPDX-License-Identifier: MIT
import type { RawDescriptor, RawSocket } from '../native/binding';
import type { DescriptorKind } from '../types';

const family = { unix: 1, inet: 2, inet6: 10, netlink: 16, packet: 17, vsock: 40 } as const;
const type = { stream: 1, datagram: 2, raw: 3 } as const;
const protocol = { tcp: 6, udp: 17, sctp: 132, udpLite: 136, mptcp: 262 } as const;

/** What a descriptor is to the network. */
export function classify(raw: RawDescriptor): DescriptorKind {
  if (raw.socket !== null) return classifySocket(raw.socket);
  if (raw.link === 'anon_inode:[io_uring]') return 'io-uring';
  // Whoever holds it answers, and adds descriptors to, the system calls of another process.
  if (raw.link === 'anon_inode:seccomp notify') return 'process-memory';
  // After a fork it fills in pages of the parent.
  if (raw.link === 'anon_inode:[userfaultfd]') return 'process-memory';
  if (raw.device !== null) return isNetworkDevice(raw.device, raw.driver, raw.link) ? 'network-device' : 'other';
  return raw.inProc && isMemory(raw.link) ? 'process-memory' : 'other';
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

// Documentation/admin-guide/devices.txt: TUN/TAP, vhost-net, vhost-vsock; PPP's major number is fixed, too.
const networkDevices: ReadonlySet<string> = new Set(['10:200', '10:238', '10:241', '108:0']);

// These get their major number at run time.
const networkDrivers: ReadonlySet<string> = new Set([
  'macvtap',
  'ipvtap',
  'vhost-vdpa',
  'vduse',
  'wwan_port',
  'infiniband_verbs',
  'infiniband_mad',
  'infiniband_cm',
]);

// For miscellaneous devices with a number from run time, and where /proc/devices cannot be read.
const networkDeviceName = /^\/dev\/(net\/tun|tap\d+|vhost-[^/]+|ppp|wwan\d[^/]*|infiniband\/[^/]+)$/;

/** By number and driver: a device file may have any name, and lie in any folder. */
function isNetworkDevice(device: string, driver: string | null, link: string): boolean {
  return networkDevices.has(device) || (driver !== null && networkDrivers.has(driver)) || networkDeviceName.test(link);
}

/**
 * proc may be mounted anywhere, so the link is read from its end. No exception for the own number: in
 * the proc of another pid namespace it means another process, and who opened it before an execve, in
 * a child by vfork, holds the memory of its parent.
 */
function isMemory(link: string): boolean {
  return /\/\d+(?:\/task\/\d+)?\/mem$/.test(link);
}
