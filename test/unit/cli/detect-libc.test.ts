// SPDX-License-Identifier: MIT
import { detectLibc, nameLibc } from '../../../lib/cli/detect-libc';

it('tells the C library from the diagnostic report', () => {
  expect(nameLibc({ header: { glibcVersionRuntime: '2.36' }, sharedObjects: [] })).toBe('glibc 2.36');
  expect(nameLibc({ header: {}, sharedObjects: ['/lib/ld-musl-x86_64.so.1'] })).toBe('musl');
  expect(nameLibc({})).toBe('unknown');
});

it('knows the one that this process runs on', () => {
  expect(detectLibc()).toMatch(/^(glibc \d+\.\d+|musl)$/);
});
