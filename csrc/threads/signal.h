// SPDX-License-Identifier: MIT
// Borrows the C library's set-id signal: its handler passes on what is not ours.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <memory>

#include "threads/operation.h"

namespace disablenetwork {

// One request to one thread. The handler looks for its own tid.
struct ThreadRequest {
  enum State : int { kFree, kPending, kRunning, kDone };
  std::atomic<int> state{kFree};
  pid_t tid = 0;
  int result = 0;
  // What a thread that is held waits for (threads/hold.cc).
  std::atomic<int> command{0};
};

// The requests of one broadcast.
struct RequestTable {
  explicit RequestTable(size_t capacity) : requests(new ThreadRequest[capacity]), size(capacity) {}
  std::unique_ptr<ThreadRequest[]> requests;
  size_t size;
  // Called in the handler with the thread's own request; its value becomes the request's result.
  int (*respond)(ThreadRequest* request, long argument) noexcept = nullptr;
  long argument = 0;
};

// Shows a table to the signal handler, from construction to destruction. One at a time in the
// process: the caller holds the process's lock (processes/lock.h).
class SignalLoan {
 public:
  explicit SignalLoan(std::unique_ptr<RequestTable> table);
  ~SignalLoan();
  SignalLoan(const SignalLoan&) = delete;
  SignalLoan& operator=(const SignalLoan&) = delete;

  int error() const { return error_; }
  RequestTable& table() { return *table_; }
  const RequestTable& table() const { return *table_; }
  // 0 or -errno; -ESRCH when the thread has gone, -EAGAIN at the limit of signals that wait.
  int Send(pid_t tid) const;
  // Whether the thread is there: 0 or -ESRCH.
  int Probe(pid_t tid) const;

 private:
  std::unique_ptr<RequestTable> table_;
  int error_;
};

}  // namespace disablenetwork
