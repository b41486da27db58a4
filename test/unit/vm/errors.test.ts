// SPDX-License-Identifier: MIT
import { explainDisk, VmError, type VmErrorKind } from '../../../vm/errors';
import { exitCodeOf } from '../../../vm/exit-codes';

const systemError = (code: string, path: string) => Object.assign(new Error(`${code}: no`), { code, path });

it.each([
  ['Node', systemError('ENOSPC', '/c/x')],
  ['tar', new VmError('source', 'cannot be unpacked', 'tar: a: Cannot write: No space left on device')],
  ['the compiler', new VmError('build', 'compiling failed: fatal error: x.o: Disk quota exceeded')],
])('sees a full disk in what %s says', (_, error) => {
  expect(explainDisk(error, '/c')).toMatchObject({
    kind: 'environment',
    message: expect.stringMatching(/^the disk is full at \/c: .*point XDG_CACHE_HOME at another disk\.$/) as string,
  });
});

it('sees a cache that cannot be written, and not another file', () => {
  expect(explainDisk(systemError('EACCES', '/c/kernels'), '/c')).toMatchObject({
    kind: 'environment',
    message: '/c cannot be written (EACCES). Point XDG_CACHE_HOME at a folder of yours with 5 GB to spare.',
  });
  const other = systemError('EACCES', '/home/test.c');
  expect(explainDisk(other, '/c')).toBe(other);
  const failed = new VmError('build', 'compiling failed: a.c:1: error');
  expect(explainDisk(failed, '/c')).toBe(failed);
});

it.each<[VmErrorKind, number]>([
  ['source', 125],
  ['config', 125],
  ['build', 125],
  ['environment', 255],
  ['program', 255],
])('lets %s end a bisection only when the tree is not at fault', (kind, code) => {
  expect(exitCodeOf(new VmError(kind, ''), true)).toBe(code);
  expect(exitCodeOf(new VmError(kind, ''), false)).toBe(125);
});

it('ends a bisection by what nobody foresaw', () => {
  expect(exitCodeOf(new Error('odd'), true)).toBe(255);
});
