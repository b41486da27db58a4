// SPDX-License-Identifier: MIT
import { findForeignDescriptors } from '../../../lib/residuals/foreign-descriptors';
import { rawDescriptor, rawSocket } from '../inventory/samples';

const socket = (number: number) => ({ ...rawSocket({ family: 0, type: 0 }), link: `socket:[${String(number)}]` });
const device = (link: string, number: string, driver: string | null) =>
  rawDescriptor({ link, mode: 0o20666, device: number, driver });
const anonymous = (name: string) => rawDescriptor({ link: `anon_inode:${name}`, mode: 0o600 });
const inProc = (link: string, mode: number, writable = true) => rawDescriptor({ link, mode, writable, inProc: true });

const own = [device('/dev/null', '1:3', 'mem'), socket(1), rawDescriptor({ link: 'pipe:[3]', mode: 0o10600 })];

it('finds nothing in a copy of the own table', () => {
  expect(findForeignDescriptors([], own)).toEqual([]);
  expect(findForeignDescriptors(own, own)).toEqual([]);
});

it.each([
  socket(2),
  socket(11),
  anonymous('[io_uring]'),
  anonymous('seccomp notify'),
  anonymous('[userfaultfd]'),
  anonymous('bpf-prog'),
  // Not known to be harmless.
  anonymous('[perf_event]'),
  anonymous('kvm-vm'),
  anonymous('[of the future]'),
  device('/dev/net/tun', '10:200', 'misc/tun'),
  device('/tmp/innocent', '246:1', 'macvtap'),
  device('/tmp/innocent', '246:1', null),
  device('/dev/vhost-net', '10:238', 'misc/vhost-net'),
  device('/dev/infiniband/uverbs0', '231:192', 'infiniband_verbs'),
  inProc('/proc/17/mem', 0o100600),
  inProc('/tmp/comm', 0o100600),
  rawDescriptor({ mode: null }),
])('finds $link in another table', (raw) => {
  expect(findForeignDescriptors([own[1] ?? raw, raw], own)).toEqual([raw]);
});

it('finds a ring although the caller has one, for all rings have the same link', () => {
  const ring = anonymous('[io_uring]');
  expect(findForeignDescriptors([ring], [...own, ring])).toEqual([ring]);
});

it.each([
  rawDescriptor({ link: '/tmp/socket:[9]' }),
  rawDescriptor({ link: 'pipe:[9]', mode: 0o10600 }),
  rawDescriptor({ link: '/tmp', mode: 0o40755, writable: false }),
  rawDescriptor({ link: 'net:[4026531840]', mode: 0o100444 }),
  anonymous('[eventpoll]'),
  anonymous('[eventfd]'),
  anonymous('[timerfd]'),
  anonymous('[signalfd]'),
  anonymous('inotify'),
  anonymous('[pidfd]'),
  device('/dev/tapestry', '240:3', 'weaver'),
  device('/dev/pts/3', '136:3', 'pts'),
  inProc('/proc/17/maps', 0o100444, false),
  inProc('/proc/17/comm', 0o100644),
])('passes over $link', (raw) => {
  expect(findForeignDescriptors([raw], own)).toEqual([]);
});
