// SPDX-License-Identifier: MIT
// A thread that waits in vfork(2) stops only when its child goes on, and what has not stopped can
// be neither asked nor let go. The end of a tracer lets go of all that it traces (exit_ptrace() in
// kernel/ptrace.c). Hence the tracer is a process of its own, which lives for as long as the dump
// takes, and makes system calls only.
#include "seccomp/dump.h"

#include <errno.h>
#include <linux/ptrace.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "kernel/syscall.h"
#include "processes/table_copy.h"

namespace disablenetwork {
namespace {

constexpr long kMostMilliseconds = 1000;
// Of all filters of a thread together (MAX_INSNS_PER_PATH in kernel/seccomp.c).
constexpr size_t kMostInstructions = 32768;

long Trace(long request, pid_t tid, long address = 0, long data = 0) {
  return RawSyscall(SYS_ptrace, request, tid, address, data);
}

// What a thread has, written without allocating.
struct Dump {
  std::vector<sock_filter> instructions;
  std::vector<size_t> lengths;
  size_t filled = 0;
  size_t count = 0;
};

// Filters are numbered from the oldest (get_nth_filter() in kernel/seccomp.c); the first number too
// many is ENOENT.
int ReadStopped(pid_t tid, Dump* dump) {
  for (;; ++dump->count) {
    const auto index = static_cast<long>(dump->count);
    const long length = Trace(PTRACE_SECCOMP_GET_FILTER, tid, index);
    if (length < 0) return length == -ENOENT && index > 0 ? 0 : static_cast<int>(length);
    const auto size = static_cast<size_t>(length);
    if (dump->count == dump->lengths.size() || size > dump->instructions.size() - dump->filled) {
      return -E2BIG;
    }
    sock_filter* place = dump->instructions.data() + dump->filled;
    const long result = Trace(PTRACE_SECCOMP_GET_FILTER, tid, index, Address(place));
    if (result < 0) return static_cast<int>(result);
    dump->lengths[dump->count] = size;
    dump->filled += size;
  }
}

// 0 when the thread has stopped, which its status then tells.
int WaitForStop(pid_t tid, int* status) {
  for (long milliseconds = 0; milliseconds < kMostMilliseconds; ++milliseconds) {
    const long waited = RawSyscall(SYS_wait4, tid, Address(status), WNOHANG | __WALL);
    if (waited < 0 && waited != -EINTR) return static_cast<int>(waited);
    if (waited == tid) return WIFSTOPPED(*status) ? 0 : -ESRCH;
    timespec pause = {0, 1'000'000};
    RawSyscall(SYS_nanosleep, Address(&pause));
  }
  return -ETIMEDOUT;
}

int StopAndRead(pid_t tid, Dump* dump) {
  // Seizing sends no signal; without a tracer's end the thread goes on by itself.
  long result = Trace(PTRACE_SEIZE, tid);
  if (result == 0) result = Trace(PTRACE_INTERRUPT, tid);
  if (result < 0) return static_cast<int>(result);
  int status = 0;
  const int error = WaitForStop(tid, &status);
  if (error < 0) return error;
  const int read = ReadStopped(tid, dump);
  // A thread that was about to get a signal stops for that first: it is handed on.
  const bool is_signal = (status >> 16) == 0;
  Trace(PTRACE_DETACH, tid, 0, is_signal ? WSTOPSIG(status) : 0);
  return read;
}

}  // namespace

int DumpFilters(pid_t tid, std::vector<std::vector<sock_filter>>* filters) {
  filters->clear();
  Dump dump;
  dump.instructions.resize(kMostInstructions);
  dump.lengths.resize(kMostInstructions);
  int result = 0;
  const int error = RunWithCopiedTable([&] { result = StopAndRead(tid, &dump); });
  if (error < 0 || result < 0) return error < 0 ? error : result;
  auto next = dump.instructions.begin();
  for (size_t index = 0; index < dump.count; ++index) {
    const auto end = next + static_cast<std::ptrdiff_t>(dump.lengths[index]);
    filters->emplace(filters->begin(), next, end);
    next = end;
  }
  return 0;
}

}  // namespace disablenetwork
