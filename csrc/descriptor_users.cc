// SPDX-License-Identifier: MIT
#include "descriptor_users.h"

#include <sys/socket.h>
#include <sys/syscall.h>

#include <string>
#include <string_view>
#include <vector>

#include "text_fields.h"
#include "thread_list.h"

namespace disablenetwork {
namespace {

// The calls that can wait on a socket named by their first argument.
bool WaitsOnFirst(long number) {
  switch (number) {
    case SYS_read:
    case SYS_readv:
    case SYS_recvfrom:
    case SYS_recvmsg:
    case SYS_recvmmsg:
    case SYS_write:
    case SYS_writev:
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

}  // namespace

// shutdown() reaches other processes that share the socket, too. It is used for nothing but this:
// else a thread in accept() would be handed one more connection, at any later time.
void WakeUsers(int fd, int old_file) {
  std::vector<std::string> tids;
  if (ListProcDirectory("/proc/self/task", &tids) < 0) return;
  for (const std::string& tid : tids) {
    std::string line;
    if (ReadProcFile("/proc/self/task/" + tid + "/syscall", &line) == 0 &&
        UsesDescriptor(line, fd)) {
      shutdown(old_file, SHUT_RDWR);
      return;
    }
  }
}

}  // namespace disablenetwork
