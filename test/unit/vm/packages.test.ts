// SPDX-License-Identifier: MIT
import { VmError } from '../../../vm/errors';
import { checkPackages } from '../../../vm/packages';

const complaint = (building: boolean, ...missing: readonly string[]): string => {
  try {
    checkPackages(building, (provided) => !missing.some((name) => provided.endsWith(name)));
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(VmError);
    expect((error as VmError).kind).toBe('environment');
    return (error as VmError).message;
  }
};

it('is content with a machine that has everything', () => {
  expect(complaint(true)).toBe('');
});

it('finds what the machine that runs this test has', () => {
  expect(() => {
    checkPackages(true);
  }).not.toThrow();
});

it('names the packages of all that is missing, each once, in a line that installs them', () => {
  expect(complaint(true, 'flex', '/libelf.h', 'setpriv', 'flock')).toBe(
    'packages are missing. Install them: sudo apt-get install --no-install-recommends util-linux flex libelf-dev',
  );
});

it('is content with one of several places', () => {
  expect(complaint(true, '/usr/include/libelf.h', '/usr/bin/busybox')).toBe('');
});

it('asks for a compiler only to build', () => {
  expect(complaint(false, 'gcc', 'flex')).toBe('');
  expect(complaint(true, 'gcc')).toContain('gcc');
});

it('asks for QEMU in any case, and looks for it in PATH', () => {
  expect(complaint(false, 'qemu-system-x86_64')).toContain('qemu-system-x86');
  const before = process.env['PATH'];
  process.env['PATH'] = '/no/such/folder';
  try {
    expect(() => {
      checkPackages(false);
    }).toThrow('qemu-system-x86 util-linux');
  } finally {
    process.env['PATH'] = before;
  }
});
