// SPDX-License-Identifier: MIT
#include "seccomp_install.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "raw_syscall.h"
#include "seccomp_rules.h"

namespace disablenetwork {

// The kernel checks the flags before it looks at the filter, so a NULL filter answers EFAULT where
// the flag is known and EINVAL where it is not (seccomp(2)); nothing is installed.
int ProbeSeccomp() {
  const long result =
      RawSyscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, 0);
  if (result == -EFAULT) return 0;
  return result < 0 ? static_cast<int>(result) : -EINVAL;
}

int InstallProgramOnAllThreads(std::vector<sock_filter>& program) {
  if (program.empty()) return -EINVAL;
  sock_fprog description = {static_cast<unsigned short>(program.size()), program.data()};
  const long no_new_privileges = RawSyscall(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1);
  if (no_new_privileges < 0) return static_cast<int>(no_new_privileges);
  return static_cast<int>(RawSyscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                                     SECCOMP_FILTER_FLAG_TSYNC, Address(&description)));
}

int InstallSeccompOnAllThreads(uint32_t policy) {
  std::vector<sock_filter> program = BuildSeccompProgram(policy);
  return InstallProgramOnAllThreads(program);
}

}  // namespace disablenetwork
