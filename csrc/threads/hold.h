// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "threads/list.h"
#include "threads/signal.h"

namespace disablenetwork {

// Holds every other thread of the process in a signal handler, from Begin() to its own destruction,
// so that what they use can be exchanged behind their backs, and nobody forks, opens or leaves a
// thread behind that has not done what the others have. A thread is held wherever it happens to be,
// inside malloc() too: from Begin() on the caller must neither allocate nor take a lock.
// The caller holds the process's lock (processes/lock.h).
class ThreadHold {
 public:
  // Makes room; nobody is held yet.
  explicit ThreadHold(int64_t deadline_milliseconds);
  ~ThreadHold();
  ThreadHold(const ThreadHold&) = delete;
  ThreadHold& operator=(const ThreadHold&) = delete;

  // Holds everybody: 0, or -errno, -ETIMEDOUT when a thread could not be held in time. Nobody is
  // held any more when it fails.
  int Begin();
  // Runs the operation in one thread after the other, the caller last. Ends at the first that
  // fails: its value is the answer, and failed_thread() says whose it was.
  int RunInEach(ThreadOperation operation, long argument);
  void Release();
  // How long RunInEach() may take from here.
  void Extend(int64_t deadline_milliseconds) {
    deadline_ = std::max(deadline_, deadline_milliseconds);
  }

  // The thread that was silent or failed; 0 when there is none.
  pid_t failed_thread() const { return failed_thread_; }
  size_t count() const { return count_; }

 private:
  int HoldNewThreads();
  bool WasAsked(const ThreadIdentity& thread) const;
  int Ask(const ThreadIdentity& thread);
  int Await(const ThreadRequest& request) const;

  int64_t deadline_;
  size_t capacity_;
  SignalLoan loan_;
  std::vector<ThreadIdentity> scan_;
  std::vector<ThreadIdentity> asked_;
  size_t count_ = 0;
  pid_t failed_thread_ = 0;
};

}  // namespace disablenetwork
