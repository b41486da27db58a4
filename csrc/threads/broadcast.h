// SPDX-License-Identifier: MIT
// Runs one operation in every thread of the process.
//
// Linux keeps credentials, and with them Landlock domains and no_new_privs, for each thread. Before
// Landlock's ABI 8 nothing in the kernel reaches the other threads, so each has to make the call
// itself: it is interrupted by the signal that the C library keeps for the same purpose (set-id
// calls have the same problem), and makes the system calls in the handler. No ordinary signal would
// do: Node's inspector thread blocks every signal that can be blocked through the C library.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

#include "threads/operation.h"

namespace disablenetwork {

// What a thread is asked for. `settled` is the answer that shows that the thread, and with it each
// one that it creates, needs no further look.
struct ThreadTask {
  ThreadOperation operation;
  long argument;
  int settled;
};

struct Broadcast {
  // 0; -ETIMEDOUT when a thread was silent or threads kept appearing; or another -errno.
  int result = 0;
  std::vector<ThreadResult> answers;
  std::vector<pid_t> silent;
};

// Goes on until two looks at /proc/self/task in a row show no thread but such as have been asked or
// answer at once that they are settled: a program may create threads all the time. The caller holds
// the process's lock (processes/lock.h).
Broadcast RunOnAllThreads(const ThreadTask& task, int64_t deadline_milliseconds);

}  // namespace disablenetwork
