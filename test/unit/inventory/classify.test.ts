// SPDX-License-Identifier: MIT
import { classify } from '../../../lib/inventory/classify';
import { rawDescriptor, rawSocket } from './samples';

describe('a socket', () => {
  it.each([
    ['unix', 1, 1, 0],
    ['unix', 1, 2, 0],
    ['unix', 1, 5, 0],
    ['tcp', 2, 1, 6],
    ['tcp', 10, 1, 6],
    ['tcp', 2, 1, 0],
    ['mptcp', 2, 1, 262],
    ['mptcp', 10, 1, 262],
    ['udp', 2, 2, 17],
    ['udp', 10, 2, 17],
    ['udp', 10, 2, 136],
    ['sctp', 2, 1, 132],
    ['sctp', 10, 5, 132],
    ['raw', 2, 3, 1],
    ['raw', 10, 3, 58],
    ['netlink', 16, 3, 0],
    ['netlink', 16, 2, 15],
    ['packet', 17, 3, 768],
    ['packet', 17, 10, 768],
    ['vsock', 40, 1, 0],
  ])('is %s for family %i, type %i, protocol %i', (kind, family, type, protocol) => {
    expect(classify(rawSocket({ family, type, protocol }))).toBe(kind);
  });

  it('is raw by its type, whatever its protocol number promises', () => {
    for (const protocol of [6, 17, 132, 136, 262]) {
      expect(classify(rawSocket({ type: 3, protocol }))).toBe('raw');
    }
  });

  it.each([
    ['SMC', 43, 1, 0],
    ['SMC as a protocol', 2, 1, 256],
    ['ALG', 38, 5, 0],
    ['XDP', 44, 3, 0],
    ['ping', 2, 2, 1],
    ['L2TP', 2, 2, 115],
    ['a family of the future', 99, 1, 0],
    ['one that the kernel says nothing about', 0, 0, 0],
  ])('is never nothing: %s', (_, family, type, protocol) => {
    expect(classify(rawSocket({ family, type, protocol }))).toBe('other-socket');
  });
});

describe('a device', () => {
  it.each([
    ['TUN under its own name', '10:200', 'misc/tun', '/dev/net/tun'],
    ['TUN under another name', '10:200', 'misc/tun', '/tmp/innocent'],
    ['vhost-net', '10:238', 'misc', '/dev/vhost-net'],
    ['vhost-vsock', '10:241', 'misc', '/dev/vhost-vsock'],
    ['PPP', '108:0', 'ppp', '/dev/ppp'],
    ['a macvtap under another name', '240:3', 'macvtap', '/srv/x'],
    ['an ipvtap', '240:3', 'ipvtap', '/dev/tap7'],
    ['a TAP without /proc/devices', '240:3', null, '/dev/tap7'],
    ['vhost-vdpa', '511:0', 'vhost-vdpa', '/dev/vhost-vdpa-0'],
    ['InfiniBand', '231:192', 'infiniband_verbs', '/dev/infiniband/uverbs0'],
    ['the RDMA manager', '10:60', 'misc', '/dev/infiniband/rdma_cm'],
  ])('of the network is found: %s', (_, device, driver, link) => {
    expect(classify(rawDescriptor({ device, driver, link }))).toBe('network-device');
  });

  it.each([
    ['the memory of the machine', '1:1', 'mem', '/dev/mem'],
    ['its kernel', '1:2', 'mem', '/tmp/innocent'],
    ['its ports', '1:4', null, '/dev/port'],
  ])('is memory: %s', (_, device, driver, link) => {
    expect(classify(rawDescriptor({ device, driver, link }))).toBe('process-memory');
  });

  it.each([
    ['/dev/null', '1:3', 'mem'],
    ['/dev/pts/0', '136:0', 'pts'],
    ['/dev/kvm', '10:232', 'misc/kvm'],
    ['/dev/fuse', '10:229', 'misc/fuse'],
    ['/dev/userfaultfd', '10:257', 'misc/userfaultfd'],
    ['/dev/tapestry', '240:3', 'weaver'],
  ])('of another kind is none: %s', (link, device, driver) => {
    expect(classify(rawDescriptor({ device, driver, link }))).toBe('other');
  });

  it('that no driver is named for may be any, but for numbers that are fixed', () => {
    const kinds = (...numbers: string[]) =>
      numbers.map((device) => classify(rawDescriptor({ device, link: '/tmp/x' })));
    expect(kinds('240:3', '10:60', '511:0')).toEqual(['network-device', 'network-device', 'network-device']);
    expect(kinds('1:3', '1:9', '5:0', '136:7', '10:232')).toEqual(['other', 'other', 'other', 'other', 'other']);
  });
});

describe('an anonymous inode', () => {
  it.each([
    ['anon_inode:[io_uring]', 'io-uring'],
    ['anon_inode:seccomp notify', 'process-memory'],
    ['anon_inode:[userfaultfd]', 'process-memory'],
    ['anon_inode:bpf-prog', 'other'],
    ['anon_inode:[vfio-device]', 'network-device'],
    ['anon_inode:bpf-map', 'other'],
    ['anon_inode:[perf_event]', 'other'],
    ['anon_inode:[landlock-ruleset]', 'other'],
    ['anon_inode:kvm-vm', 'other'],
    ['anon_inode:[fanotify]', 'other'],
    ['anon_inode:[eventpoll]', 'other'],
    ['anon_inode:[eventfd]', 'other'],
    ['anon_inode:[pidfd]', 'other'],
  ])('%s is %s', (link, kind) => {
    expect(classify(rawDescriptor({ link }))).toBe(kind);
  });
});

describe('a file', () => {
  const memory = { mode: 0o100600, writable: true, inProc: true };

  it.each([
    '/proc/17/mem',
    '/proc/17/task/18/mem',
    '/mnt/host/proc/1/mem',
    // Of a task that has ended; mounted elsewhere, under a name that others bear who are harmless.
    '/proc/17/task/18/mem (deleted)',
    '/tmp/x',
    '/tmp/17/comm',
    '',
  ])('in proc is the memory of a process: %j', (link) => {
    expect(classify(rawDescriptor({ ...memory, link }))).toBe('process-memory');
  });

  it.each([
    ['a setting of the kernel', '/proc/sys/kernel/core_pattern'],
    ['a file of the future', '/proc/17/drive'],
    ['a bus', '/proc/bus/pci/00/00.0'],
  ])('in proc that is open for writing reaches others unless it is known: %s', (_, link) => {
    expect(classify(rawDescriptor({ ...memory, mode: 0o100644, link }))).toBe('process-memory');
  });

  it.each(['/proc/17/comm', '/proc/self/oom_score_adj', '/proc/17/attr/current', '/proc/pressure/memory'])(
    'in proc that is open for writing is nothing: %s',
    (link) => {
      expect(classify(rawDescriptor({ ...memory, mode: 0o100644, link }))).toBe('other');
    },
  );

  it('in proc that is open for reading alone is nothing', () => {
    for (const [link, mode] of [
      ['/proc/17/maps', 0o100444],
      ['/proc/17/environ', 0o100400],
      ['/proc/kcore', 0o100400],
      ['/proc/sys/kernel/core_pattern', 0o100644],
    ] as const) {
      // prettier-ignore
      expect(classify(rawDescriptor({ ...memory, mode, writable: false, link }))).toBe('other');
    }
  });

  it('in proc that is memory is so however it was opened', () => {
    expect(classify(rawDescriptor({ ...memory, writable: false, link: '/proc/17/mem' }))).toBe('process-memory');
  });

  it('that the kernel says nothing about is never nothing', () => {
    expect(classify(rawDescriptor({ mode: null, link: '/mnt/fuse/file' }))).toBe('network-device');
  });

  it.each([
    ['an ordinary file of that name', '/home/user/2026/mem'],
    ['a file named like a ring', '/tmp/anon_inode:[io_uring]'],
    ['a file named like a socket', '/tmp/socket:[1]'],
    ['a file named like something of JavaScript', 'constructor'],
  ])('is nothing: %s', (_, link) => {
    expect(classify(rawDescriptor({ mode: 0o100600, link }))).toBe('other');
  });
});
