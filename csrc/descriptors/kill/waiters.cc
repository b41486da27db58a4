// SPDX-License-Identifier: MIT
#include "descriptors/kill/waiters.h"

#include <errno.h>
#include <sys/syscall.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/proc.h"
#include "kernel/text_fields.h"
#include "threads/broadcast.h"

namespace disablenetwork {
namespace {

// The calls that can wait on a socket named by their first argument.
bool WaitsOnFirst(long number) {
  switch (number) {
    case SYS_read:
    case SYS_readv:
    case SYS_preadv2:
    case SYS_recvfrom:
    case SYS_recvmsg:
    case SYS_recvmmsg:
    case SYS_write:
    case SYS_writev:
    case SYS_pwritev2:
    case SYS_sendto:
    case SYS_sendmsg:
    case SYS_sendmmsg:
    case SYS_sendfile:
    case SYS_splice:
    case SYS_connect:
    case SYS_accept:
    case SYS_accept4:
      return true;
    default:
      return false;
  }
}

// A line of /proc/self/task/TID/syscall: the number of the call in which the thread sleeps and its
// arguments, or `running`. The placeholder lets nobody sleep, so who sleeps has the old file.
bool UsesDescriptor(std::string_view line, int fd) {
  long number = -1;
  unsigned long first = 0;
  unsigned long second = 0;
  unsigned long third = 0;
  if (!TakeNumber(&line, 10, &number) || !TakeNumber(&line, 16, &first)) return false;
  if (!TakeNumber(&line, 16, &second) || !TakeNumber(&line, 16, &third)) return false;
  // The kernel reads a descriptor from the low half of its register.
  const auto is_descriptor = [fd](unsigned long argument) {
    return static_cast<int>(argument) == fd;
  };
  if (number == SYS_sendfile && is_descriptor(second)) return true;
  if (number == SYS_splice && is_descriptor(third)) return true;
  return WaitsOnFirst(number) && is_descriptor(first);
}

bool WaitsOnOneOf(const std::string& tid, const std::vector<int>& fds) {
  std::string line;
  if (ReadProcFile("/proc/self/task/" + tid + "/syscall", &line) < 0) return false;
  return std::any_of(fds.begin(), fds.end(), [&](int fd) { return UsesDescriptor(line, fd); });
}

// False also where the kernel does not say in which call a thread is.
bool NobodyWaits(const std::vector<int>& fds) {
  std::string own;
  std::vector<std::string> tids;
  if (ReadProcFile("/proc/thread-self/syscall", &own) < 0) return false;
  if (ListProcDirectory("/proc/self/task", &tids) < 0) return false;
  return std::none_of(tids.begin(), tids.end(),
                      [&](const std::string& tid) { return WaitsOnOneOf(tid, fds); });
}

int DoNothing(long) noexcept { return 0; }

}  // namespace

int ReleaseWaiters(const std::vector<int>& fds, int64_t deadline_milliseconds) {
  if (fds.empty() || NobodyWaits(fds)) return 0;
  const Broadcast broadcast = RunOnAllThreads({DoNothing, 0, 0}, deadline_milliseconds);
  const bool others_are_silent =
      !broadcast.silent.empty() &&
      std::none_of(broadcast.silent.begin(), broadcast.silent.end(),
                   [&](pid_t tid) { return WaitsOnOneOf(std::to_string(tid), fds); });
  if (broadcast.result == 0 || others_are_silent) return 0;
  return NobodyWaits(fds) ? 0 : broadcast.result;
}

}  // namespace disablenetwork
