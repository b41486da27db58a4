// SPDX-License-Identifier: MIT
import { findForeignDescriptors } from '../../../lib/inventory/foreign-descriptors';
import type { RawThread } from '../../../lib/native/binding';
import { rawDescriptor } from './samples';

const own = ['/dev/null', 'socket:[1]', 'pipe:[3]'].map((link, fd) => rawDescriptor({ fd, link }));

function thread(...links: string[]): RawThread {
  return { tid: 7, status: '', stat: '', links };
}

it('finds nothing where all share one table', () => {
  expect(findForeignDescriptors([thread(), thread('socket:[1]', '/dev/null'), thread()], own)).toEqual([]);
});

it.each([
  'socket:[2]',
  'socket:[11]',
  'anon_inode:[io_uring]',
  '/dev/net/tun',
  '/dev/tap4',
  '/dev/vhost-net',
  '/dev/ppp',
  '/dev/infiniband/uverbs0',
])('finds %s in another table', (link) => {
  expect(findForeignDescriptors([thread('socket:[1]'), thread('socket:[1]', link)], own)).toEqual([link]);
});

it('names what several threads share once', () => {
  expect(findForeignDescriptors([thread('socket:[2]'), thread('socket:[2]', 'socket:[5]')], own)).toEqual([
    'socket:[2]',
    'socket:[5]',
  ]);
});

it('finds a ring although the caller has one, for all rings have the same link', () => {
  const withRing = [...own, rawDescriptor({ fd: 8, link: 'anon_inode:[io_uring]' })];
  expect(findForeignDescriptors([thread('anon_inode:[io_uring]')], withRing)).toEqual(['anon_inode:[io_uring]']);
});

it.each(['/tmp/socket:[9]', 'pipe:[9]', 'anon_inode:[eventpoll]', '/dev/tapestry', '/dev/pts/3', ''])(
  'passes over %j',
  (link) => {
    expect(findForeignDescriptors([thread(link)], own)).toEqual([]);
  },
);
