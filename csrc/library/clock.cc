// SPDX-License-Identifier: MIT
#include "library/clock.h"

#include <sys/syscall.h>
#include <time.h>

#include "kernel/syscall.h"

namespace disablenetwork {

int64_t NowMilliseconds() noexcept {
  timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1000000;
}

void SleepBriefly() noexcept {
  const timespec pause = {0, 100'000};
  RawSyscall(SYS_nanosleep, Address(&pause), 0);
}

}  // namespace disablenetwork
