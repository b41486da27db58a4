// SPDX-License-Identifier: MIT
#include "filter_dump.h"

#include <errno.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

namespace disablenetwork {
namespace {

// <sys/ptrace.h> and <linux/ptrace.h> cannot be included together; the number is ABI.
constexpr auto kGetFilter = static_cast<__ptrace_request>(0x420c);

long Count(pid_t tid, unsigned long index) { return ptrace(kGetFilter, tid, index, nullptr); }

// Filters are numbered from the newest; the first number too many is ENOENT.
int ReadStopped(pid_t tid, std::vector<std::vector<sock_filter>>* filters) {
  for (unsigned long index = 0;; ++index) {
    const long count = Count(tid, index);
    if (count < 0) return errno == ENOENT && index > 0 ? 0 : -errno;
    std::vector<sock_filter> filter(static_cast<size_t>(count));
    if (ptrace(kGetFilter, tid, index, filter.data()) < 0) return -errno;
    filters->push_back(filter);
  }
}

// A thread that was about to get a signal stops for that first: it is handed on.
int StopAndRead(pid_t tid, std::vector<std::vector<sock_filter>>* filters) {
  if (ptrace(PTRACE_INTERRUPT, tid, nullptr, nullptr) < 0) return -errno;
  int status = 0;
  while (waitpid(tid, &status, __WALL) < 0) {
    if (errno != EINTR) return -errno;
  }
  if (!WIFSTOPPED(status)) return -ESRCH;
  const int result = ReadStopped(tid, filters);
  const bool is_signal = (status >> 16) == 0;
  ptrace(PTRACE_DETACH, tid, nullptr, is_signal ? WSTOPSIG(status) : 0L);
  return result;
}

}  // namespace

int DumpFilters(pid_t tid, std::vector<std::vector<sock_filter>>* filters) {
  filters->clear();
  // Seizing sends no signal; without a tracer's end the thread goes on by itself.
  if (ptrace(PTRACE_SEIZE, tid, nullptr, nullptr) < 0) return -errno;
  return StopAndRead(tid, filters);
}

}  // namespace disablenetwork
