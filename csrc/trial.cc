// SPDX-License-Identifier: MIT
#include "trial.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <memory>

#include "landlock_ruleset.h"
#include "raw_syscall.h"
#include "seccomp_rules.h"
#include "thread_operations.h"

namespace disablenetwork {
namespace {

struct Trial {
  sock_fprog program;
  int ruleset;
  int result;
};

int Drop(const Trial& trial) {
  int result = SetNoNewPrivileges(0);
  if (result < 0) return result;
  if (trial.ruleset >= 0) {
    result = RestrictCaller(trial.ruleset, false);
    if (result < 0) return result;
  }
  result = static_cast<int>(
      RawSyscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, Address(&trial.program)));
  if (result < 0) return result;
  return TryInetSocket(0) == -EPERM ? 0 : -EUCLEAN;
}

// The child shares the memory of the process, which waits for it as in vfork(2): raw system calls
// and the one result are all that it touches.
int RunTrial(void* argument) {
  auto* trial = static_cast<Trial*>(argument);
  trial->result = Drop(*trial);
  RawSyscall(SYS_exit_group, 0);
  return 0;
}

}  // namespace

int TryDropInChild(uint32_t policy, uint64_t handled_network, uint64_t scoped) {
  std::vector<sock_filter> filter = BuildSeccompProgram(policy);
  if (filter.empty()) return -EINVAL;
  Trial trial = {{static_cast<unsigned short>(filter.size()), filter.data()}, -1, -ECANCELED};
  if (handled_network != 0 || scoped != 0) {
    trial.ruleset = CreateLandlockRuleset({0, handled_network, scoped});
    if (trial.ruleset < 0) return trial.ruleset;
  }
  constexpr size_t kStackSize = size_t{64} * 1024;
  const auto stack = std::make_unique<char[]>(kStackSize);
  // Handlers of the process must not run in the child, which is not the process.
  sigset_t every_signal;
  sigset_t old_signals;
  sigfillset(&every_signal);
  sigprocmask(SIG_SETMASK, &every_signal, &old_signals);
  // No exit signal: the process's own SIGCHLD handling and wait() never see this child.
  const int child = clone(RunTrial, stack.get() + kStackSize, CLONE_VM | CLONE_VFORK, &trial);
  const int clone_error = -errno;
  if (child > 0) {
    while (waitpid(child, nullptr, __WCLONE) < 0 && errno == EINTR) {
    }
  }
  sigprocmask(SIG_SETMASK, &old_signals, nullptr);
  if (trial.ruleset >= 0) close(trial.ruleset);
  return child > 0 ? trial.result : clone_error;
}

}  // namespace disablenetwork
