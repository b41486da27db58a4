// SPDX-License-Identifier: MIT
#include "processes/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/syscall.h>

#include "kernel/syscall.h"
#include "library/clock.h"

namespace disablenetwork {

int LockProcess(int64_t deadline_milliseconds) {
  const long lock =
      RawSyscall(SYS_openat, AT_FDCWD, Address("/proc/self/status"), O_RDONLY | O_CLOEXEC);
  if (lock < 0) return static_cast<int>(lock);
  for (;;) {
    const long result = RawSyscall(SYS_flock, lock, LOCK_EX | LOCK_NB);
    if (result == 0) return static_cast<int>(lock);
    if (result != -EWOULDBLOCK && result != -EINTR) {
      RawSyscall(SYS_close, lock);
      return static_cast<int>(result);
    }
    if (NowMilliseconds() >= deadline_milliseconds) {
      RawSyscall(SYS_close, lock);
      return -ETIMEDOUT;
    }
    SleepBriefly();
  }
}

// The lock belongs to the open file, which a child may have inherited: closing alone would not do.
void UnlockProcess(int lock) {
  RawSyscall(SYS_flock, lock, LOCK_UN);
  RawSyscall(SYS_close, lock);
}

}  // namespace disablenetwork
