// SPDX-License-Identifier: MIT
#include "threads/broadcast.h"

#include <errno.h>
#include <sys/syscall.h>

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "kernel/syscall.h"
#include "library/clock.h"
#include "threads/list.h"
#include "threads/signal.h"

namespace disablenetwork {
namespace {

using Identity = std::pair<pid_t, uint64_t>;

// The thread of a request has gone when there is none of its tid, or when that has a new owner.
bool IsAlive(const Identity& identity) {
  ThreadIdentity thread = {};
  const int error = ReadOwnThread(identity.first, &thread);
  if (error == -ENOENT || error == -ESRCH) return false;
  return error < 0 || thread.start_time == identity.second;
}

// A thread that has neither answered nor gone by the deadline is silent.
enum class Outcome { kAnswered, kGone, kSilent };

Outcome Wait(const ThreadRequest& request, const Identity& identity, int64_t deadline) {
  for (unsigned turn = 1;; ++turn) {
    if (request.state.load(std::memory_order_acquire) == ThreadRequest::kDone) {
      return Outcome::kAnswered;
    }
    // Looking through /proc is slow; a thread rarely ends in just this moment.
    if (turn % 16 == 0 && !IsAlive(identity)) return Outcome::kGone;
    if (NowMilliseconds() > deadline) return Outcome::kSilent;
    SleepBriefly();
  }
}

// Every thread that has not answered yet and can: kernel workers make no system calls.
int ListNewThreads(const std::set<Identity>& done, std::vector<ThreadIdentity>* threads) {
  const int error = ListOwnThreads(threads);
  if (error < 0) return error;
  const pid_t caller = static_cast<pid_t>(RawSyscall(SYS_gettid));
  // Not there when /proc belongs to another pid namespace: its numbers would mean others.
  if (std::none_of(threads->begin(), threads->end(),
                   [&](const ThreadIdentity& thread) { return thread.tid == caller; })) {
    return -ESRCH;
  }
  threads->erase(
      std::remove_if(
          threads->begin(), threads->end(),
          [&](const ThreadIdentity& thread) {
            return thread.kernel_worker || done.count({thread.tid, thread.start_time}) != 0;
          }),
      threads->end());
  return 0;
}

int RunTask(ThreadRequest*, long task) noexcept {
  const auto* wanted = reinterpret_cast<const ThreadTask*>(task);
  return wanted->operation(wanted->argument);
}

// Asks all of them before it waits for any, so that one slow thread costs the others nothing.
int Ask(const std::vector<ThreadIdentity>& threads, SignalLoan* loan) {
  const pid_t caller = static_cast<pid_t>(RawSyscall(SYS_gettid));
  for (size_t index = 0; index < threads.size(); ++index) {
    RequestTable& table = loan->table();
    ThreadRequest& request = table.requests[index];
    request.tid = threads[index].tid;
    if (request.tid == caller) {
      request.result = table.respond(&request, table.argument);
      request.state.store(ThreadRequest::kDone, std::memory_order_release);
      continue;
    }
    request.state.store(ThreadRequest::kPending, std::memory_order_release);
    const int error = loan->Send(request.tid);
    if (error == 0) continue;
    request.state.store(ThreadRequest::kFree, std::memory_order_release);
    if (error != -ESRCH) return error;
  }
  return 0;
}

// One pass. Returns how many threads were not settled, or -errno.
int RunPass(const ThreadTask& task, int64_t deadline, std::set<Identity>* done,
            Broadcast* broadcast) {
  std::vector<ThreadIdentity> threads;
  const int list_error = ListNewThreads(*done, &threads);
  if (list_error < 0) return list_error;
  if (threads.empty()) return 0;

  auto table = std::make_unique<RequestTable>(threads.size());
  table->respond = RunTask;
  table->argument = Address(&task);
  SignalLoan loan(std::move(table));
  int error = loan.error();
  if (error < 0) return error;
  error = Ask(threads, &loan);
  int unsettled = 0;
  for (size_t index = 0; index < threads.size(); ++index) {
    const ThreadRequest& request = loan.table().requests[index];
    const Identity identity = {threads[index].tid, threads[index].start_time};
    if (request.state.load(std::memory_order_acquire) == ThreadRequest::kFree) continue;
    const Outcome outcome = Wait(request, identity, deadline);
    if (outcome == Outcome::kAnswered) {
      done->insert(identity);
      broadcast->answers.push_back({identity.first, request.result});
      if (request.result != task.settled) ++unsettled;
    } else if (outcome == Outcome::kSilent) {
      broadcast->silent.push_back(identity.first);
    }
  }
  if (error == 0 && !broadcast->silent.empty()) error = -ETIMEDOUT;
  return error < 0 ? error : unsettled;
}

}  // namespace

Broadcast RunOnAllThreads(const ThreadTask& task, int64_t deadline) {
  Broadcast broadcast;
  std::set<Identity> done;
  for (int quiet = 0; quiet < 2;) {
    const int unsettled = RunPass(task, deadline, &done, &broadcast);
    if (unsettled < 0) {
      broadcast.result = unsettled;
      return broadcast;
    }
    quiet = unsettled == 0 ? quiet + 1 : 0;
    if (NowMilliseconds() > deadline) {
      broadcast.result = -ETIMEDOUT;
      return broadcast;
    }
  }
  return broadcast;
}

}  // namespace disablenetwork
