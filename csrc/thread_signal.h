// SPDX-License-Identifier: MIT
// Borrows the C library's set-id signal: swaps its handler, and puts it back.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <memory>

#include "thread_broadcast.h"

namespace disablenetwork {

// One request to one thread. The handler looks for its own tid.
struct ThreadRequest {
  enum State : int { kFree, kPending, kRunning, kDone };
  std::atomic<int> state{kFree};
  pid_t tid = 0;
  int result = 0;
};

// The requests of one broadcast. Published to the handler by SignalLoan.
struct RequestTable {
  explicit RequestTable(size_t capacity) : requests(new ThreadRequest[capacity]), size(capacity) {}
  std::unique_ptr<ThreadRequest[]> requests;
  size_t size;
  ThreadOperation operation = nullptr;
  long argument = 0;
};

// Holds the signal from construction to destruction; one loan at a time in the process.
class SignalLoan {
 public:
  explicit SignalLoan(RequestTable* table);
  ~SignalLoan();
  SignalLoan(const SignalLoan&) = delete;
  SignalLoan& operator=(const SignalLoan&) = delete;

  int error() const { return error_; }
  // 0 or -errno; -ESRCH when the thread has gone.
  int Send(pid_t tid) const;
  // Whether the thread is there: 0 or -ESRCH.
  int Probe(pid_t tid) const;
  // A thread has not answered and may still do so: the handler and the table have to stay.
  void KeepForever() { keep_ = true; }

 private:
  int error_ = 0;
  bool keep_ = false;
};

}  // namespace disablenetwork
