// SPDX-License-Identifier: MIT
// New processes.
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>

#include "count.h"
#include "operations.h"

// fork(2) as the kernel has it, without what glibc does around it.
static inline long plain_fork(void) {
  const long child = CALL(SYS_clone, SIGCHLD, 0, 0, 0, 0, 0);
  if (child == 0) CALL(SYS_exit_group, 0, 0, 0, 0, 0, 0);
  return child;
}

void count_processes(const char *fork_name, const char *wait_name) {
  for (int i = 0; i < kProcesses; i++) {
    const uint64_t before = counter();
    const long child = plain_fork();
    const uint64_t after = counter();
    NEED(child > 0);
    keep_count(after - before);
    CALL(SYS_wait4, child, 0, 0, 0, 0, 0);
  }
  print_counts(fork_name);
  for (int i = 0; i < kProcesses; i++) {
    const uint64_t before = counter();
    const long child = plain_fork();
    const long waited = CALL(SYS_wait4, child, 0, 0, 0, 0, 0);
    const uint64_t after = counter();
    NEED(child > 0 && waited == child);
    keep_count(after - before);
  }
  print_counts(wait_name);
}
