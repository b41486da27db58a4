// SPDX-License-Identifier: MIT
#include "threads/list.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "kernel/directory.h"
#include "kernel/syscall.h"

namespace disablenetwork {
namespace {

// Bits of the ninth field of /proc/PID/stat (include/linux/sched.h).
constexpr unsigned long kIoWorker = 0x00000010;
constexpr unsigned long kUserWorker = 0x00004000;

// Field 2 is the thread's name in parentheses. The thread chooses it and may put spaces and
// parentheses into it, so the fields are counted from the last closing one.
bool ParseStat(const char* text, ThreadIdentity* thread) {
  const char* name_end = strrchr(text, ')');
  if (name_end == nullptr) return false;
  const char* cursor = name_end + 1;
  for (int field = 3; field <= 22; ++field) {
    while (*cursor == ' ') ++cursor;
    if (*cursor == '\0') return false;
    if (field == 9 || field == 20 || field == 22) {
      // strtoull() would take "-1" for every bit of the flags, and "worker" is among them.
      if (*cursor < '0' || *cursor > '9') return false;
      const unsigned long long value = strtoull(cursor, nullptr, 10);
      if (field == 9) thread->kernel_worker = (value & (kIoWorker | kUserWorker)) != 0;
      if (field == 20) thread->process_threads = value;
      if (field == 22) thread->start_time = value;
    }
    while (*cursor != ' ' && *cursor != '\0') ++cursor;
  }
  return true;
}

}  // namespace

int ReadOwnThread(pid_t tid, ThreadIdentity* thread) {
  char path[64];
  (void)snprintf(path, sizeof path, "/proc/self/task/%d/stat", tid);
  const long fd = RawSyscall(SYS_openat, AT_FDCWD, Address(path), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return static_cast<int>(fd);
  char text[1024];
  const long length = RawSyscall(SYS_read, fd, Address(text), sizeof text - 1);
  RawSyscall(SYS_close, fd);
  if (length < 0) return static_cast<int>(length);
  text[length] = '\0';
  *thread = {tid, 0, false, 0};
  return ParseStat(text, thread) ? 0 : -EPROTO;
}

int ScanOwnThreads(ThreadIdentity* threads, size_t capacity, bool* complete) {
  size_t count = 0;
  bool one_ended = false;
  const int error = ForEachNumber("/proc/self/task", [&](int tid) {
    ThreadIdentity thread = {};
    const int answer = ReadOwnThread(tid, &thread);
    if (answer == -ENOENT || answer == -ESRCH) {
      one_ended = true;
      return 0;
    }
    if (answer < 0) return answer;
    if (count == capacity) return -ENOBUFS;
    threads[count++] = thread;
    return 0;
  });
  *complete = !one_ended && count > 0 && threads[count - 1].process_threads == count;
  return error < 0 ? error : static_cast<int>(count);
}

int ListOwnThreads(std::vector<ThreadIdentity>* threads) {
  for (size_t capacity = 256;; capacity *= 2) {
    threads->resize(capacity);
    bool complete = false;
    const int count = ScanOwnThreads(threads->data(), capacity, &complete);
    if (count == -ENOBUFS) continue;
    threads->resize(count < 0 ? 0 : static_cast<size_t>(count));
    return count < 0 ? count : 0;
  }
}

}  // namespace disablenetwork
