// SPDX-License-Identifier: MIT
import { findInherited } from '../../../../lib/cli/run/inherited-descriptors';

const epoll = 'anon_inode:[eventpoll]';
const event = 'anon_inode:[eventfd]';
const standard = ['/dev/pts/0', '/dev/pts/0', '/dev/pts/0'];

/** Links by position, from descriptor 3 on. */
const find = (...links: string[]): readonly number[] => findInherited(new Map([...standard, ...links].entries()));

it('finds nothing in a Node that inherited nothing', () => {
  expect(find(epoll, 'pipe:[1]', 'pipe:[1]', 'pipe:[2]', 'pipe:[2]', event, epoll, '/dev/null')).toEqual([]);
});

it('finds everything below the first epoll, even what looks like Node itself', () => {
  const links = ['socket:[1]', 'pipe:[9]', 'pipe:[9]', '/dev/null', event, epoll, 'pipe:[1]', 'pipe:[1]'];
  expect(find(...links)).toEqual([3, 4, 5, 6, 7]);
});

it('finds what stands between the descriptors that Node put into the gaps', () => {
  expect(find(epoll, 'socket:[7]', 'pipe:[1]', '/etc/passwd', 'pipe:[1]', 'pipe:[8]', event)).toEqual([4, 6, 8]);
});

it('finds high ones up to the first gap, and leaves the others alone: Node did not mark them', () => {
  const links = new Map([
    [3, epoll],
    [15, 'socket:[1]'],
    [16, 'socket:[2]'],
    [17, event],
    [19, 'socket:[4]'],
    [63, 'pipe:[3]'],
  ]);
  expect(findInherited(links)).toEqual([15, 16]);
});

it('does not depend on an order', () => {
  const links = new Map([
    [10, epoll],
    [3, 'socket:[1]'],
    [5, epoll],
  ]);
  expect(findInherited(links)).toEqual([3]);
});
