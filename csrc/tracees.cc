// SPDX-License-Identifier: MIT
#include "tracees.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <set>
#include <string>

#include "raw_syscall.h"
#include "thread_list.h"

namespace disablenetwork {
namespace {

// A tracer may wait for its tracees as for its children; most processes have neither, and need no
// look through /proc. Nothing is reaped.
bool HasChildrenOrTracees() {
  siginfo_t unused;
  memset(&unused, 0, sizeof unused);
  constexpr long kOptions = WEXITED | WSTOPPED | WCONTINUED | WNOHANG | WNOWAIT | __WALL;
  return RawSyscall(SYS_waitid, P_ALL, 0, Address(&unused), kOptions) != -ECHILD;
}

// The line TracerPid of /proc/PID/status; the name that stands before it cannot hold a line break.
pid_t ReadTracer(const std::string& directory) {
  std::string text;
  if (ReadProcFile(directory + "/status", &text) < 0) return 0;  // It has ended.
  static const char kField[] = "\nTracerPid:\t";
  const size_t start = text.find(kField);
  if (start == std::string::npos) return 0;
  return static_cast<pid_t>(strtol(text.c_str() + start + strlen(kField), nullptr, 10));
}

bool IsNumber(const std::string& name) {
  return !name.empty() && name.find_first_not_of("0123456789") == std::string::npos;
}

}  // namespace

int ListTracees(std::vector<pid_t>* tracees) {
  tracees->clear();
  if (!HasChildrenOrTracees()) return 0;
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
    if (ListProcDirectory(directory, &tids) < 0) continue;
    for (const std::string& tid : tids) {
      if (own.count(ReadTracer(directory + tid)) != 0) {
        tracees->push_back(static_cast<pid_t>(strtol(tid.c_str(), nullptr, 10)));
      }
    }
  }
  return 0;
}

}  // namespace disablenetwork
