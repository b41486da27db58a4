// SPDX-License-Identifier: MIT
import { dispatch } from '../../../lib/cli/dispatch';
import { createFakeContext, support } from './fake-context';

function check(args: string[], overrides = {}) {
  const context = createFakeContext(overrides);
  return { exitCode: dispatch(['check', ...args], context), ...context.written };
}

it('shows versions and each mechanism with its reason and what to do', () => {
  expect(check([])).toEqual({
    exitCode: 0,
    errors: '',
    output: `disablenetwork  1.2.3
Node            v20.0.0
kernel          linux 6.18.0 x64
C library       glibc 2.36
provider        landlock
Landlock ABI    7

Active    seccomp
          New sockets can be refused.
Degraded  threads
          One thread at a time.
          To do: Linux 7.0 does it at once.
Absent    patch
          The kernel does not know it.
          To do: Boot a patched one.
`,
  });
});

it('names a sandbox that stands in for the kernel', () => {
  const { output } = check([], { kernelSupport: () => ({ ...support, kernelRelease: '4.4.0', sandbox: 'gVisor' }) });
  expect(output).toContain('kernel          linux 4.4.0 x64, so says gVisor, which stands in for it\n');
});

it('exits 1 where there is no provider', () => {
  const none = { ...support, provider: null, landlockAbi: 0, mechanisms: [] };
  const { exitCode, output } = check([], { kernelSupport: () => none });
  expect(exitCode).toBe(1);
  expect(output).toContain('provider        none: disableNetwork() throws here\nLandlock ABI    none\n');
  expect(check(['--json'], { kernelSupport: () => none }).exitCode).toBe(1);
});

it('writes all of it as JSON', () => {
  const { exitCode, output } = check(['--json']);
  expect(exitCode).toBe(0);
  expect(JSON.parse(output)).toEqual({
    packageVersion: '1.2.3',
    nodeVersion: 'v20.0.0',
    libc: 'glibc 2.36',
    ...support,
  });
});
