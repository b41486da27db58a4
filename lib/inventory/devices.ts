// SPDX-License-Identifier: MIT
import type { DescriptorKind } from '../types';

/**
 * Documentation/admin-guide/devices.txt: TUN/TAP, vhost-net, vhost-vsock, vfio; PPP's major number is
 * fixed, too.
 */
const networkDevices: ReadonlySet<string> = new Set(['10:196', '10:200', '10:238', '10:241', '108:0']);

/** The memory of the whole machine, and its ports: /dev/mem, /dev/kmem, /dev/port. */
const memoryDevices: ReadonlySet<string> = new Set(['1:1', '1:2', '1:4']);

// These get their major or minor number at run time.
const networkDrivers: ReadonlySet<string> = new Set([
  'macvtap',
  'ipvtap',
  'vhost-vdpa',
  'vduse',
  'wwan_port',
  'infiniband_verbs',
  'infiniband_mad',
  'infiniband_cm',
  // Hardware in the hands of a program: a network card as well as any other.
  'vfio',
  'vfio-dev',
  'uio',
  'misc/rdma_cm',
  'misc/tun',
  'misc/vhost-net',
  'misc/vhost-vsock',
  'misc/vfio',
]);

// For where /proc does not say which driver it is.
const networkDeviceName =
  /^\/dev\/(net\/tun|tap\d+|vhost-[^/]+|vduse\/[^/]+|ppp|wwan\d[^/]*|infiniband\/[^/]+|vfio\/.+|uio\d+)$/;

/**
 * Without a driver's name, these numbers are known all the same (devices.txt): memory, terminals,
 * screens; hardware random numbers, FUSE, KVM. Another one may be anything.
 */
const harmlessNumber = /^(?:1|4|5|7|13[6-9]|14[0-3]):\d+$|^10:(?:183|229|232)$/;

/** By number and driver: a device file may have any name, and lie in any folder. */
export function classifyDevice(device: string, driver: string | null, link: string): DescriptorKind {
  if (memoryDevices.has(device)) return 'process-memory';
  if (networkDevices.has(device) || networkDeviceName.test(link)) return 'network-device';
  if (driver === null) return harmlessNumber.test(device) ? 'other' : 'network-device';
  return networkDrivers.has(driver) ? 'network-device' : 'other';
}

/** TUN, vhost and PPP: nothing comes of one that is opened before a request by ioctl makes it a network. */
const byRequest: ReadonlySet<string> = new Set(['10:200', '10:238', '10:241', '108:0']);
const byRequestName = /^(?:misc\/(?:tun|vhost-.*)|vhost-vdpa|ppp)$/;

/** Whether a device that is opened later is a network only after a request that the filter refuses. */
export function needsRequest(device: string | null, driver: string | null): boolean {
  return (device !== null && byRequest.has(device)) || byRequestName.test(driver ?? '');
}
