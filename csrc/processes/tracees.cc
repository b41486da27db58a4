// SPDX-License-Identifier: MIT
#include "processes/tracees.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <set>
#include <string>

#include "kernel/proc.h"
#include "kernel/syscall.h"
#include "threads/list.h"

namespace disablenetwork {
namespace {

bool IsGone(int error) { return error == -ENOENT || error == -ESRCH; }

// Whether the kernel has children or tracees of this process to wait for: all, or one thread.
// Nothing is reaped.
bool CanWaitFor(idtype_t type, pid_t tid) {
  siginfo_t unused;
  memset(&unused, 0, sizeof unused);
  constexpr long kOptions = WEXITED | WSTOPPED | WCONTINUED | WNOHANG | WNOWAIT | __WALL;
  return RawSyscall(SYS_waitid, type, tid, Address(&unused), kOptions) != -ECHILD;
}

// The line TracerPid of /proc/PID/status; the name that stands before it cannot hold a line break.
// -errno when it cannot be read.
pid_t ReadTracer(const std::string& directory) {
  std::string text;
  const int error = ReadProcFile(directory + "/status", &text);
  if (error < 0) return error;
  static const char kField[] = "\nTracerPid:\t";
  const size_t start = text.find(kField);
  if (start == std::string::npos) return -EPROTO;
  return static_cast<pid_t>(strtol(text.c_str() + start + strlen(kField), nullptr, 10));
}

bool IsNumber(const std::string& name) {
  return !name.empty() && name.find_first_not_of("0123456789") == std::string::npos;
}

pid_t ToNumber(const std::string& text) {
  return static_cast<pid_t>(strtol(text.c_str(), nullptr, 10));
}

// With hidepid=noaccess, /proc does not say who traces another user's process. What this process
// may wait for and cannot read is then taken for traced; what has ended is neither.
bool IsTracee(const std::string& directory, pid_t tid, const std::set<pid_t>& own) {
  const pid_t tracer = ReadTracer(directory);
  if (tracer >= 0) return own.count(tracer) != 0;
  return !IsGone(tracer) && CanWaitFor(P_PID, tid);
}

}  // namespace

// A tracer may wait for its tracees as for its children; most processes have neither, and need no
// look through /proc.
int ListTracees(std::vector<pid_t>* tracees) {
  tracees->clear();
  if (!CanWaitFor(P_ALL, 0)) return 0;
  std::vector<ThreadIdentity> threads;
  int error = ListOwnThreads(&threads);
  if (error < 0) return error;
  std::set<pid_t> own;
  for (const ThreadIdentity& thread : threads) own.insert(thread.tid);

  std::vector<std::string> processes;
  error = ListProcDirectory("/proc", &processes);
  if (error < 0) return error;
  for (const std::string& process : processes) {
    if (!IsNumber(process)) continue;
    const std::string directory = "/proc/" + process + "/task/";
    std::vector<std::string> tids;
    error = ListProcDirectory(directory, &tids);
    if (IsGone(error)) continue;
    if (error == -EMFILE || error == -ENFILE || error == -ENOMEM) return error;
    if (error < 0) tids = {process};
    for (const std::string& tid : tids) {
      if (IsTracee(directory + tid, ToNumber(tid), own)) tracees->push_back(ToNumber(tid));
    }
  }
  return 0;
}

}  // namespace disablenetwork
