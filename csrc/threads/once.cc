// SPDX-License-Identifier: MIT
#include "threads/once.h"

#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <atomic>
#include <cstdint>

#include "kernel/syscall.h"

namespace disablenetwork {
namespace {

constexpr long kStackSize = 64L * 1024;

struct Work {
  FunctionView<int()>* function;
  int result;
};

// The C library does not know this thread, and its thread-local storage is the caller's.
int Run(void* argument) {
  auto* work = static_cast<Work*>(argument);
  work->result = (*work->function)();
  RawSyscall(SYS_exit, 0);
  return 0;
}

}  // namespace

int RunInNewThread(FunctionView<int()> function) noexcept {
  // Raw: musl's munmap() waits for threads that are in its own calls, and those may be held.
  const long stack = RawSyscall(SYS_mmap, 0, kStackSize, PROT_READ | PROT_WRITE,
                                MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (stack < 0 && stack > -4096) return static_cast<int>(stack);
  Work work = {&function, 0};
  // The kernel writes zero and wakes when the thread has gone (clone(2), CLONE_CHILD_CLEARTID).
  std::atomic<int> alive{1};
  // No handler may run there.
  const uint64_t every = ~uint64_t{0};
  uint64_t before = 0;
  RawSyscall(SYS_rt_sigprocmask, SIG_SETMASK, Address(&every), Address(&before), sizeof before);
  const int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
                    CLONE_SYSVSEM | CLONE_CHILD_CLEARTID;
  const int tid = clone(Run, reinterpret_cast<char*>(stack) + kStackSize, flags, &work, nullptr,
                        nullptr, &alive);
  const int error = tid < 0 ? -errno : 0;
  RawSyscall(SYS_rt_sigprocmask, SIG_SETMASK, Address(&before), 0, sizeof before);
  while (error == 0 && alive.load() != 0) {
    // Not private: the kernel wakes so.
    RawSyscall(SYS_futex, Address(&alive), FUTEX_WAIT, 1, 0);
  }
  RawSyscall(SYS_munmap, stack, kStackSize);
  return error < 0 ? error : work.result;
}

}  // namespace disablenetwork
