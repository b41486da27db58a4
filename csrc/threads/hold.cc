// SPDX-License-Identifier: MIT
#include "threads/hold.h"

#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>

#include <algorithm>
#include <memory>

#include "kernel/syscall.h"
#include "library/clock.h"

namespace disablenetwork {
namespace {

// What a held thread is told, and what it says (ThreadRequest::command).
enum Command : int { kStay, kRun, kHasRun, kGo };

// The operation that the caller wants, while it waits for the thread to run it.
struct Order {
  std::atomic<ThreadOperation> operation{nullptr};
  std::atomic<long> argument{0};
};

// One hold at a time in the process, by the process's lock.
Order order;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

void Wake(std::atomic<int>* word) {
  RawSyscall(SYS_futex, Address(word), FUTEX_WAKE_PRIVATE, 0x7fffffff);
}

// At most for a moment.
void AwaitChange(std::atomic<int>* word, int value) {
  const timespec moment = {0, 10'000'000};
  RawSyscall(SYS_futex, Address(word), FUTEX_WAIT_PRIVATE, value, Address(&moment));
}

// Runs in the handler of each thread that is held.
int StayAndObey(ThreadRequest* request, long) noexcept {
  for (;;) {
    const int command = request->command.load();
    if (command == kGo) return 0;
    if (command == kRun) {
      request->result = order.operation.load()(order.argument.load());
      // Who has waited long enough may have let the thread go meanwhile.
      int run = kRun;
      request->command.compare_exchange_strong(run, kHasRun);
      Wake(&request->command);
      continue;
    }
    RawSyscall(SYS_futex, Address(&request->command), FUTEX_WAIT_PRIVATE, command, 0);
  }
}

// Threads come while the room is made, and before they are held each may make another.
size_t CountRoom() {
  constexpr size_t kSpare = 256;
  std::vector<ThreadIdentity> threads;
  ListOwnThreads(&threads);  // Begin() lists them again, and reports what is wrong.
  return 2 * threads.size() + kSpare;
}

std::unique_ptr<RequestTable> MakeTable(size_t capacity) {
  auto table = std::make_unique<RequestTable>(capacity);
  table->respond = StayAndObey;
  return table;
}

}  // namespace

ThreadHold::ThreadHold(int64_t deadline_milliseconds)
    : deadline_(deadline_milliseconds),
      capacity_(CountRoom()),
      loan_(MakeTable(capacity_)),
      scan_(capacity_),
      asked_(capacity_) {}

ThreadHold::~ThreadHold() { Release(); }

void ThreadHold::Release() {
  for (size_t index = 0; index < count_; ++index) {
    ThreadRequest& request = loan_.table().requests[index];
    // A signal that was not taken may still arrive: for a request that is withdrawn.
    int pending = ThreadRequest::kPending;
    if (request.state.compare_exchange_strong(pending, ThreadRequest::kFree)) continue;
    request.command.store(kGo);
    Wake(&request.command);
  }
  count_ = 0;
}

// Threads that are not held yet may make others: a complete look without a new one ends it.
int ThreadHold::Begin() {
  int found = loan_.error();
  while (found == 0) {
    found = HoldNewThreads();
    if (found == 0) return 0;
    if (found > 0) found = NowMilliseconds() > deadline_ ? -ETIMEDOUT : 0;
  }
  Release();
  return found;
}

// 0 when the look was complete and nobody was new, 1 when another look is due. All are asked before
// any is waited for, so that one slow thread costs the others nothing.
int ThreadHold::HoldNewThreads() {
  bool complete = false;
  const int found = ScanOwnThreads(scan_.data(), capacity_, &complete);
  if (found < 0) return found;
  const auto caller = static_cast<pid_t>(RawSyscall(SYS_gettid));
  const size_t before = count_;
  int error = 0;
  for (int index = 0; error == 0 && index < found; ++index) {
    const ThreadIdentity& thread = scan_[static_cast<size_t>(index)];
    if (thread.kernel_worker || thread.tid == caller || WasAsked(thread)) continue;
    error = Ask(thread);
  }
  for (size_t index = before; index < count_; ++index) {
    const ThreadRequest& request = loan_.table().requests[index];
    const int late = Await(request);
    if (late == 0 || error < 0) continue;
    error = late;
    failed_thread_ = request.tid;
  }
  if (error < 0) return error;
  return complete && count_ == before ? 0 : 1;
}

bool ThreadHold::WasAsked(const ThreadIdentity& thread) const {
  return std::any_of(asked_.data(), asked_.data() + count_, [&](const ThreadIdentity& other) {
    return other.tid == thread.tid && other.start_time == thread.start_time;
  });
}

int ThreadHold::Ask(const ThreadIdentity& thread) {
  if (count_ == capacity_) return -ENOBUFS;
  asked_[count_] = thread;
  ThreadRequest& request = loan_.table().requests[count_++];
  request.tid = thread.tid;
  request.state.store(ThreadRequest::kPending);
  const int error = loan_.Send(thread.tid);
  if (error < 0) request.state.store(ThreadRequest::kFree);
  return error == -ESRCH ? 0 : error;
}

// 0 when the thread is held, also when it has ended and took the signal along; or -ETIMEDOUT.
int ThreadHold::Await(const ThreadRequest& request) const {
  while (request.state.load() == ThreadRequest::kPending) {
    if (loan_.Probe(request.tid) == -ESRCH) return 0;
    if (NowMilliseconds() > deadline_) return -ETIMEDOUT;
    SleepBriefly();
  }
  return 0;
}

int ThreadHold::RunInEach(ThreadOperation operation, long argument) {
  order.operation.store(operation);
  order.argument.store(argument);
  for (size_t index = 0; index < count_; ++index) {
    ThreadRequest& request = loan_.table().requests[index];
    if (request.state.load() != ThreadRequest::kRunning) continue;
    request.command.store(kRun);
    Wake(&request.command);
    while (request.command.load() == kRun) {
      // A tracer may have stopped it.
      if (NowMilliseconds() > deadline_) {
        failed_thread_ = request.tid;
        return -ETIMEDOUT;
      }
      AwaitChange(&request.command, kRun);
    }
    request.command.store(kStay);
    if (request.result < 0) {
      failed_thread_ = request.tid;
      return request.result;
    }
  }
  const int own = operation(argument);
  if (own < 0) failed_thread_ = static_cast<pid_t>(RawSyscall(SYS_gettid));
  return own;
}

}  // namespace disablenetwork
