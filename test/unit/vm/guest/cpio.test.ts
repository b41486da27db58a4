// SPDX-License-Identifier: MIT
import { execFileSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { archiveFile, archiveLink, writeArchive } from '../../../../vm/guest/cpio';

it('writes what cpio(1) unpacks', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'dn-cpio-'));
  try {
    const input = writeArchive([
      archiveFile('init', '#!/bin/sh\n', true),
      archiveFile('deep/er/x', Buffer.from([0, 1, 2, 3, 4])),
      archiveLink('deep/link', 'er/x'),
    ]);
    execFileSync('cpio', ['--extract', '--quiet', '--format=newc'], { cwd: folder, input });
    expect(readFileSync(path.join(folder, 'init'), 'utf8')).toBe('#!/bin/sh\n');
    expect(lstatSync(path.join(folder, 'init')).mode & 0o7777).toBe(0o755);
    expect([...readFileSync(path.join(folder, 'deep/er/x'))]).toEqual([0, 1, 2, 3, 4]);
    expect(readlinkSync(path.join(folder, 'deep/link'))).toBe('er/x');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it.each(['/etc/passwd', 'a/../b', ''])('refuses the path %j', (name) => {
  expect(() => writeArchive([archiveFile(name, '')])).toThrow(RangeError);
});
