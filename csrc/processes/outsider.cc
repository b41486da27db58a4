// SPDX-License-Identifier: MIT
#include "processes/outsider.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/syscall.h"
#include "library/clock.h"

namespace disablenetwork {
namespace {

constexpr size_t kStackSize = size_t{16} * 1024;

// Raw calls alone: the memory is the process's. It ends with the thread that made it.
int Wait(void*) {
  RawSyscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL);
  for (;;) RawSyscall(SYS_ppoll, 0, 0, 0, 0, sizeof(uint64_t));
}

}  // namespace

// Every signal stays blocked in it: handlers of the process must not run there. And no exit signal,
// so that the process's own SIGCHLD handling and wait() never see it.
int Outsider::Start() {
  void* const memory = mmap(nullptr, kStackSize, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (memory == MAP_FAILED) return -errno;
  stack_ = static_cast<char*>(memory);
  const uint64_t every = ~uint64_t{0};
  uint64_t before = 0;
  RawSyscall(SYS_rt_sigprocmask, SIG_SETMASK, Address(&every), Address(&before), sizeof before);
  const int child = clone(Wait, stack_ + kStackSize, CLONE_VM | CLONE_FILES | CLONE_FS, nullptr);
  const int error = child < 0 ? -errno : 0;
  RawSyscall(SYS_rt_sigprocmask, SIG_SETMASK, Address(&before), 0, sizeof before);
  if (error == 0) pid_ = child;
  return error;
}

// Bounded, whatever the kernel answers: what is left over ends with the thread that made it, and
// until then needs its stack.
void Outsider::End() {
  bool has_ended = pid_ <= 0;
  constexpr int kMostLooks = 10'000;
  for (int look = 0; !has_ended && look < kMostLooks; ++look) {
    RawSyscall(SYS_kill, pid_, SIGKILL);
    const long waited = RawSyscall(SYS_wait4, pid_, 0, __WCLONE | WNOHANG, 0);
    has_ended = waited == pid_ || waited == -ECHILD;
    if (!has_ended) SleepBriefly();
  }
  if (has_ended && stack_ != nullptr) munmap(stack_, kStackSize);
  pid_ = -1;
  stack_ = nullptr;
}

}  // namespace disablenetwork
