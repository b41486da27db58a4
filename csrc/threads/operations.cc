// SPDX-License-Identifier: MIT
#include "threads/operations.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "kernel/syscall.h"
#include "landlock.h"

namespace disablenetwork {

int SetNoNewPrivileges(long) noexcept {
  if (RawSyscall(SYS_prctl, PR_GET_NO_NEW_PRIVS) == 1) return 1;
  return static_cast<int>(RawSyscall(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1));
}

int TryRuleset(long rules) noexcept {
  const int ruleset = CreateLandlockRuleset(Unpack(rules));
  if (ruleset < 0) return ruleset;
  RawSyscall(SYS_close, ruleset);
  return 0;
}

// With a ruleset of its own: a thread may have a descriptor table of its own (unshare(2) with
// CLONE_FILES), where the number of another thread's ruleset is nothing, or something weaker.
int RestrictThread(long rules) noexcept {
  const int ruleset = CreateLandlockRuleset(Unpack(rules));
  if (ruleset < 0) return ruleset;
  const int result = RestrictCaller(ruleset);
  RawSyscall(SYS_close, ruleset);
  return result;
}

int TryInetSocket(long) noexcept {
  const long fd = RawSyscall(SYS_socket, AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return static_cast<int>(fd);
  RawSyscall(SYS_close, fd);
  return 0;
}

// An io_uring_enter() that submits nothing and waits for nothing asks whether the index is taken.
// EBADF: it is not. EINVAL: the thread has no ring at all, or the kernel does not know the flag,
// and then such rings neither. ENOSYS, EPERM: a filter of somebody else's forbids the call.
int CountRegisteredRings(long) noexcept {
  constexpr long kMostRings = 16;                // IO_RINGFD_REG_MAX
  constexpr long kEnterRegisteredRing = 1 << 4;  // IORING_ENTER_REGISTERED_RING
  int count = 0;
  for (long index = 0; index < kMostRings; ++index) {
    const long result = RawSyscall(SYS_io_uring_enter, index, 0, 0, kEnterRegisteredRing);
    if (result != -EBADF && result != -EINVAL && result != -ENOSYS && result != -EPERM) ++count;
  }
  return count;
}

}  // namespace disablenetwork
