// SPDX-License-Identifier: MIT
#include "drop/trial.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <vector>

#include "kernel/syscall.h"
#include "processes/child.h"
#include "seccomp/install.h"
#include "seccomp/rules.h"
#include "threads/operations.h"

namespace disablenetwork {
namespace {

int Install(const std::vector<sock_filter>& program) {
  const sock_fprog description = Describe(program);
  return static_cast<int>(
      RawSyscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, Address(&description)));
}

int Drop(const std::vector<sock_filter>& filter, const std::vector<sock_filter>& status,
         const LandlockRules& rules) {
  int result = SetNoNewPrivileges(0);
  if (result >= 0) result = Install(filter);
  if (result >= 0 && (rules.network != 0 || rules.scoped != 0))
    result = RestrictThread(Pack(rules));
  if (result >= 0) result = Install(status);
  if (result < 0) return result;
  return TryInetSocket(0) == -EPERM ? 0 : -EUCLEAN;
}

}  // namespace

int AskKernel(KernelAnswers* answers) {
  // Without a filter nobody can be killed for a question.
  if (RawSyscall(SYS_prctl, PR_GET_SECCOMP) == 0) {
    *answers = {LandlockAbi(), ProbeSeccomp()};
    return 0;
  }
  const SharedAnswers<KernelAnswers> shared({kKilled, kKilled});
  if (!shared) return -ENOMEM;
  // One child each: the first question may be the last.
  int result = RunInChild([&] { (*shared).landlock_abi = LandlockAbi(); });
  if (result >= 0) result = RunInChild([&] { (*shared).seccomp = ProbeSeccomp(); });
  if (result < 0) return result;
  *answers = *shared;
  return 0;
}

int TryDropInChild(uint32_t policy, const LandlockRules& rules) {
  const std::vector<sock_filter> filter = BuildSeccompProgram(policy);
  const std::vector<sock_filter> status = BuildStatusProgram(policy);
  if (filter.empty() || status.empty()) return -EINVAL;
  const SharedAnswers<int> shared(kKilled);
  if (!shared) return -ENOMEM;
  const int result = RunInChild([&] { *shared = Drop(filter, status, rules); });
  return result < 0 ? result : *shared;
}

}  // namespace disablenetwork
