// SPDX-License-Identifier: MIT
#include "descriptor_table.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>

#include <vector>

namespace disablenetwork {
namespace {

constexpr size_t kStackSize = size_t{256} * 1024;

int CallFunction(void* function) {
  (*static_cast<FunctionView<void()>*>(function))();
  return 0;
}

}  // namespace

// As posix_spawn() does it: with CLONE_VFORK this thread sleeps while the child runs on a stack of
// its own. No signal may run a handler there, and none tells anyone that the child has ended.
int RunWithCopiedTable(FunctionView<void()> function) {
  std::vector<char> stack(kStackSize);
  sigset_t every;
  sigset_t before;
  sigfillset(&every);
  sigprocmask(SIG_SETMASK, &every, &before);
  const int pid =
      clone(CallFunction, stack.data() + stack.size(), CLONE_VM | CLONE_VFORK, &function);
  const int error = pid < 0 ? -errno : 0;
  // A vfork child lets its parent go on before its table is gone; waiting for its end does both.
  while (pid > 0 && waitpid(pid, nullptr, __WCLONE) < 0 && errno == EINTR) {
  }
  sigprocmask(SIG_SETMASK, &before, nullptr);
  return error;
}

}  // namespace disablenetwork
