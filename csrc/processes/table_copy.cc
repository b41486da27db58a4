// SPDX-License-Identifier: MIT
#include "processes/table_copy.h"

#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <atomic>
#include <vector>

#include "kernel/syscall.h"

namespace disablenetwork {
namespace {

constexpr size_t kStackSize = size_t{256} * 1024;

int CallFunction(void* function) {
  (*static_cast<FunctionView<void()>*>(function))();
  return 0;
}

// Sleeps beside its parent, whose thread-local storage it shares: raw system calls only.
int WaitForWord(void* word) {
  RawSyscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL);
  while (static_cast<std::atomic<int>*>(word)->load() == 0) {
    RawSyscall(SYS_futex, Address(word), FUTEX_WAIT_PRIVATE, 0, 0);
  }
  return 0;
}

// A child that shares the memory, with a stack of its own. No signal may run a handler there, and
// none tells anyone that it has ended.
class SharingChild {
 public:
  SharingChild(int (*function)(void*), void* argument, int flags)
      : stack_(kStackSize), pid_(Start(function, argument, flags)) {}
  // With CLONE_VFORK the child lets its parent go on before its table is gone: waiting does both.
  ~SharingChild() {
    while (pid_ > 0 && waitpid(pid_, nullptr, __WCLONE) < 0 && errno == EINTR) {
    }
    sigprocmask(SIG_SETMASK, &before_, nullptr);
  }
  SharingChild(const SharingChild&) = delete;
  SharingChild& operator=(const SharingChild&) = delete;

  int error() const { return std::min(pid_, 0); }

 private:
  // Its process id, or -errno.
  int Start(int (*function)(void*), void* argument, int flags) {
    sigset_t every;
    sigfillset(&every);
    sigprocmask(SIG_SETMASK, &every, &before_);
    const int pid = clone(function, stack_.data() + stack_.size(), CLONE_VM | flags, argument);
    return pid < 0 ? -errno : pid;
  }

  std::vector<char> stack_;
  sigset_t before_ = {};
  const int pid_;
};

}  // namespace

// As posix_spawn() does it: with CLONE_VFORK this thread sleeps while the child runs.
int RunWithCopiedTable(FunctionView<void()> function) {
  const SharingChild child(CallFunction, &function, CLONE_VFORK);
  return child.error();
}

int RunBesideCopiedTable(FunctionView<void()> function) {
  std::atomic<int> word{0};
  const SharingChild child(WaitForWord, &word, 0);
  if (child.error() < 0) return child.error();
  function();
  word.store(1);
  RawSyscall(SYS_futex, Address(&word), FUTEX_WAKE_PRIVATE, 1);
  return 0;
}

}  // namespace disablenetwork
