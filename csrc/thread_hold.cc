// SPDX-License-Identifier: MIT
#include "thread_hold.h"

#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <utility>

#include "raw_syscall.h"
#include "thread_list.h"
#include "thread_signal.h"

namespace disablenetwork {
namespace {

constexpr int kHeld = 0;
constexpr int kReleased = 1;

int64_t NowMilliseconds() {
  timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1000000;
}

struct Gate {
  std::atomic<int> state{kHeld};
  ThreadOperation operation = nullptr;
  long argument = 0;
};

int DoNothing(long) noexcept { return 0; }

// Runs in the handler of each thread that is held.
int RunAndWaitForRelease(long address) noexcept {
  auto* gate = reinterpret_cast<Gate*>(address);
  const int result = gate->operation(gate->argument);
  while (gate->state.load(std::memory_order_acquire) == kHeld) {
    RawSyscall(SYS_futex, Address(&gate->state), FUTEX_WAIT_PRIVATE, kHeld, 0);
  }
  return result;
}

// Its destruction lets everybody go, whatever happened in between.
class Hold {
 public:
  Hold(ThreadOperation operation, long argument, int64_t deadline)
      : table_(kMostThreads), loan_(&table_), deadline_(deadline) {
    gate_.operation = operation;
    gate_.argument = argument;
    table_.operation = RunAndWaitForRelease;
    table_.argument = Address(&gate_);
  }

  Hold(const Hold&) = delete;
  Hold& operator=(const Hold&) = delete;

  ~Hold() { Release(); }

  // Waits until each thread that was held has gone its way; then its result is known.
  void Release() {
    gate_.state.store(kReleased, std::memory_order_release);
    RawSyscall(SYS_futex, Address(&gate_.state), FUTEX_WAKE_PRIVATE, 0x7fffffff);
    for (size_t index = 0; index < count_; ++index) {
      while (table_.requests[index].state.load(std::memory_order_acquire) ==
             ThreadRequest::kRunning) {
        RawSyscall(SYS_sched_yield);
      }
    }
  }

  // Threads that are not held yet may make others: a complete look without a new one ends it.
  int Everybody() {
    if (loan_.error() < 0) return loan_.error();
    for (;;) {
      const int found = NewThreads();
      if (found <= 0) return found;
      if (NowMilliseconds() > deadline_) return -ETIMEDOUT;
    }
  }

  // To be called after Release().
  void AppendAnswers(Broadcast* broadcast) const {
    for (size_t index = 0; index < count_; ++index) {
      const ThreadRequest& request = table_.requests[index];
      if (request.state.load(std::memory_order_acquire) == ThreadRequest::kDone) {
        broadcast->answers.push_back({request.tid, request.result});
      } else if (IsPending(request)) {
        broadcast->silent.push_back(request.tid);
      }
    }
  }

  bool LostAThread() const {
    const ThreadRequest* requests = table_.requests.get();
    return std::any_of(requests, requests + count_,
                       [&](const ThreadRequest& request) { return IsPending(request); });
  }
  void KeepForever() { loan_.KeepForever(); }

 private:
  static constexpr size_t kMostThreads = 4096;

  // Answers 0 when the look was complete and nobody was new. All are asked before any is waited
  // for, so that one slow thread costs the others nothing.
  int NewThreads() {
    bool complete = false;
    const int count = ScanOwnThreads(scan_, kMostThreads, &complete);
    if (count < 0) return count;
    const auto caller = static_cast<pid_t>(RawSyscall(SYS_gettid));
    const size_t before = count_;
    int error = 0;
    for (const ThreadIdentity* thread = scan_; error == 0 && thread < scan_ + count; ++thread) {
      if (thread->kernel_worker || thread->tid == caller || WasAsked(*thread)) continue;
      error = Ask(*thread);
    }
    // Whatever went wrong, a signal that is under way has to arrive while its handler is there.
    for (size_t index = before; index < count_; ++index) {
      if (!AwaitHold(table_.requests[index])) error = -ETIMEDOUT;
    }
    if (error < 0) return error;
    return complete && count_ == before ? 0 : 1;
  }

  bool WasAsked(const ThreadIdentity& thread) const {
    return std::any_of(asked_, asked_ + count_, [&](const ThreadIdentity& other) {
      return other.tid == thread.tid && other.start_time == thread.start_time;
    });
  }

  int Ask(const ThreadIdentity& thread) {
    if (count_ == kMostThreads) return -ENOBUFS;
    asked_[count_] = thread;
    ThreadRequest& request = table_.requests[count_++];
    request.tid = thread.tid;
    request.state.store(ThreadRequest::kPending, std::memory_order_release);
    const int error = loan_.Send(thread.tid);
    if (error < 0) request.state.store(ThreadRequest::kFree, std::memory_order_release);
    return error == -ESRCH ? 0 : error;
  }

  // False when the thread does not take the signal in time. One that has ended took it along.
  bool AwaitHold(const ThreadRequest& request) const {
    while (IsPending(request)) {
      if (NowMilliseconds() > deadline_) return false;
      RawSyscall(SYS_sched_yield);
    }
    return true;
  }

  bool IsPending(const ThreadRequest& request) const {
    return request.state.load(std::memory_order_acquire) == ThreadRequest::kPending &&
           loan_.Probe(request.tid) != -ESRCH;
  }

  Gate gate_;
  RequestTable table_;
  SignalLoan loan_;
  int64_t deadline_;
  // Filled while threads are held: nothing here allocates any more.
  ThreadIdentity scan_[kMostThreads] = {};
  ThreadIdentity asked_[kMostThreads] = {};
  size_t count_ = 0;
};

// A signal that was not taken may still arrive and look for its request: they are given up for
// good.
void GiveUpIfLost(std::unique_ptr<Hold> hold) {
  if (!hold->LostAThread()) return;
  hold->Release();
  hold->KeepForever();
  (void)hold.release();
}

}  // namespace

int RunWhileOthersAreHeld(int timeout_milliseconds, FunctionView<void()> function) {
  auto hold = std::make_unique<Hold>(DoNothing, 0, NowMilliseconds() + timeout_milliseconds);
  const int error = hold->Everybody();
  if (error == 0) function();
  GiveUpIfLost(std::move(hold));
  return error;
}

Broadcast RunOnAllThreadsHeld(ThreadOperation operation, long argument, int timeout_milliseconds) {
  auto hold = std::make_unique<Hold>(operation, argument, NowMilliseconds() + timeout_milliseconds);
  Broadcast broadcast;
  broadcast.result = hold->Everybody();
  const int own_result = broadcast.result == 0 ? operation(argument) : broadcast.result;
  hold->Release();
  hold->AppendAnswers(&broadcast);
  if (broadcast.result == 0) {
    broadcast.answers.push_back({static_cast<pid_t>(RawSyscall(SYS_gettid)), own_result});
  }
  GiveUpIfLost(std::move(hold));
  return broadcast;
}

}  // namespace disablenetwork
