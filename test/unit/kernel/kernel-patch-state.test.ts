// SPDX-License-Identifier: MIT
import { readKernelPatchState } from '../../../lib/kernel/kernel-patch-state';

const saying = (text: string | null) => readKernelPatchState(7, () => text);

test('reads the file of the process that was asked about', () => {
  const paths: string[] = [];
  readKernelPatchState(4711, (path) => {
    paths.push(path);
    return null;
  });
  expect(paths).toEqual(['/proc/4711/attr/disablenetwork/current']);
});

test.each([
  ['network=off nosuid=on\n', true],
  ['network=off nosuid=off\n', true],
  ['network=on nosuid=on\n', false],
  ['network=on nosuid=off\n', false],
])('%j', (text, networkOff) => {
  expect(saying(text)).toEqual({ networkOff });
});

test.each(['', 'network=off', 'network=off nosuid=on', 'network=maybe nosuid=on\n', ' network=off nosuid=on\n'])(
  'believes nothing else: %j',
  (text) => {
    expect(saying(text)).toBe('unreadable');
  },
);

test('a process that is not there has no such file', () => {
  expect(saying(null)).toBeNull();
  expect(readKernelPatchState(2 ** 30)).toBeNull();
});

test('a file that cannot be read is not taken for none', () => {
  expect(readKernelPatchState(7, () => undefined)).toBe('unreadable');
});
