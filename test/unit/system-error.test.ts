// SPDX-License-Identifier: MIT
import { constants } from 'node:os';
import { adviceFor, procAdvice, systemError } from '../../lib/system-error';

const { E2BIG, EAGAIN, EBUSY, EMFILE, ENFILE, ENOENT, ENOMEM, EPERM, ESRCH } = constants.errno;

it.each([
  [EMFILE, 'open /proc', 'RLIMIT_NOFILE (ulimit -n'],
  [EMFILE, 'tgkill', 'RLIMIT_NOFILE (ulimit -n'],
  [ENFILE, 'open /proc', 'fs.file-max'],
  [EAGAIN, 'clone', 'RLIMIT_NPROC (ulimit -u), pids.max of the cgroup, or kernel.threads-max'],
  [EAGAIN, 'tgkill', 'RLIMIT_SIGPENDING (ulimit -i)'],
  [EBUSY, 'tgkill', 'has not answered an earlier call'],
  [ESRCH, 'tgkill', 'another pid namespace'],
  [ENOMEM, 'clone', 'memory.max of the cgroup, or vm.max_map_count'],
  [ENOMEM, 'io_uring_setup', 'RLIMIT_MEMLOCK (ulimit -l)'],
  [ENOMEM, 'seccomp', '32768 instructions'],
  [E2BIG, 'landlock_restrict_self', '16 Landlock domains'],
])('errno %i of %s names the limit and how to raise it', (errno, syscall, text) => {
  expect(adviceFor(-errno, syscall)).toContain(text);
  const { message } = systemError('ERR_DISABLENETWORK_KERNEL', syscall, -errno, procAdvice);
  expect(message).toContain(text);
  expect(message).not.toContain(procAdvice);
  expect(message).toMatch(/Nothing was changed\.$/);
});

it('an errno that names no limit leaves the advice of the caller', () => {
  for (const errno of [ENOENT, EPERM]) {
    expect(adviceFor(-errno, 'open /proc')).toBeNull();
    expect(systemError('ERR_DISABLENETWORK_KERNEL', 'open /proc', -errno, procAdvice).message).toContain(procAdvice);
  }
});

it('a step that failed half-way says so whatever the errno', () => {
  const error = systemError(
    'ERR_DISABLENETWORK_PARTIAL',
    'landlock_restrict_self',
    -EMFILE,
    'Thread 7: end this process.',
  );
  expect(error.message).toMatch(/RLIMIT_NOFILE.*Thread 7: end this process\.$/);
});
