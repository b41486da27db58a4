// SPDX-License-Identifier: MIT
#include "processes/child.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <memory>

#include "kernel/syscall.h"

namespace disablenetwork {
namespace {

constexpr size_t kStackSize = size_t{64} * 1024;

struct Order {
  FunctionView<void()>* function;
  bool is_copy;
};

int Run(void* argument) {
  const auto* order = static_cast<const Order*>(argument);
  // Its death must leave no core file; the flag is the memory's, which may be the process's.
  if (order->is_copy) RawSyscall(SYS_prctl, PR_SET_DUMPABLE, 0);
  (*order->function)();
  RawSyscall(SYS_exit_group, 0);
  return 0;
}

// Where a filter is in force it may kill the child, and until Linux 5.16 a process that dumps core
// takes along whoever shares its memory (zap_threads() in fs/coredump.c). Then the child gets a
// copy, which takes longer.
bool MayBeKilled() { return RawSyscall(SYS_prctl, PR_GET_SECCOMP) != 0; }

int Await(int child) {
  int status = 0;
  while (RawSyscall(SYS_wait4, child, Address(&status), __WCLONE, 0) == -EINTR) {
  }
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

}  // namespace

int RunInChild(FunctionView<void()> function) {
  const auto stack = std::make_unique<char[]>(kStackSize);
  Order order = {&function, MayBeKilled()};
  // Handlers of the process must not run in the child, which is not the process.
  const uint64_t every = ~uint64_t{0};
  uint64_t before = 0;
  RawSyscall(SYS_rt_sigprocmask, SIG_SETMASK, Address(&every), Address(&before), sizeof before);
  // No exit signal: the process's own SIGCHLD handling and wait() never see this child.
  const int flags = order.is_copy ? 0 : CLONE_VM | CLONE_VFORK;
  const int child = clone(Run, stack.get() + kStackSize, flags, &order);
  const int result = child < 0 ? -errno : Await(child);
  RawSyscall(SYS_rt_sigprocmask, SIG_SETMASK, Address(&before), 0, sizeof before);
  return result;
}

void* MapShared(unsigned long size) {
  void* const memory =
      mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? nullptr : memory;
}

void UnmapShared(void* memory, unsigned long size) {
  if (memory != nullptr) munmap(memory, size);
}

}  // namespace disablenetwork
