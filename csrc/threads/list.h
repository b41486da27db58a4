// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace disablenetwork {

struct ThreadIdentity {
  pid_t tid;
  // Clock ticks since boot. Together with the tid it names one thread for good: a tid comes round
  // again, but not within a tick.
  uint64_t start_time;
  // An io_uring worker: a member of the process that makes no system calls and takes no signals.
  bool kernel_worker;
  // How many threads the process had when this was read.
  uint64_t process_threads;
};

// Every thread of this process, or -errno. A thread that ends meanwhile is left out.
int ListOwnThreads(std::vector<ThreadIdentity>* threads);

// One of them: 0 or -errno, -ENOENT or -ESRCH when it has gone. System calls alone.
int ReadOwnThread(pid_t tid, ThreadIdentity* thread);

// The same without allocating, for when other threads are held, perhaps inside malloc(). Answers
// how many there are, or -errno; -ENOBUFS when there are more than the capacity. Complete is false
// when a thread ended meanwhile: it may have left a successor, and the kernel may have left out its
// neighbour in the list (next_tid() in fs/proc/base.c).
int ScanOwnThreads(ThreadIdentity* threads, size_t capacity, bool* complete);

}  // namespace disablenetwork
