// SPDX-License-Identifier: MIT
#include "seccomp/install.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>

#include "kernel/syscall.h"
#include "threads/operations.h"

namespace disablenetwork {

// The kernel checks the flags before it looks at the filter, so a NULL filter answers EFAULT where
// the flag is known and EINVAL where it is not (seccomp(2)); nothing is installed.
int ProbeSeccomp() {
  const long result =
      RawSyscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, 0);
  if (result == -EFAULT) return 0;
  return result < 0 ? static_cast<int>(result) : -EINVAL;
}

int InstallProgramOnAllThreads(const std::vector<sock_filter>& program) noexcept {
  if (program.empty()) return -EINVAL;
  const sock_fprog description = Describe(program);
  return static_cast<int>(RawSyscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                                     SECCOMP_FILTER_FLAG_TSYNC, Address(&description)));
}

int InstallOnAllThreads(const std::vector<sock_filter>& program) noexcept {
  if (program.empty()) return -EINVAL;
  const int no_new_privileges = SetNoNewPrivileges(0);
  return no_new_privileges < 0 ? no_new_privileges : InstallProgramOnAllThreads(program);
}

}  // namespace disablenetwork
