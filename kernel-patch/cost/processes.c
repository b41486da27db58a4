// SPDX-License-Identifier: MIT
// New processes.
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "count.h"
#include "operations.h"

// fork(2) as the kernel has it, without what glibc does around it.
static inline long plain_fork(void) {
  const long child = CALL(SYS_clone, SIGCHLD, 0, 0, 0, 0, 0);
  if (child == 0) CALL(SYS_exit_group, 0, 0, 0, 0, 0, 0);
  return child;
}

// Whether an allocation of the kernel finds its slab full is decided by how many objects there are,
// and repeats with each fork: a number of instructions that chance alone adds in one image and not
// in the other. So there are more and more processes besides, and each stretch of forks finds other
// slabs.
enum { kStretches = 80, kForks = 10 };

static pid_t others[kStretches];

static void add_other(int stretch) {
  others[stretch] = fork();
  if (others[stretch] == 0) {
    for (;;) pause();
  }
  NEED(others[stretch] > 0);
}

static void end_others(void) {
  for (int i = 0; i < kStretches; i++) {
    NEED(kill(others[i], SIGKILL) == 0);
    NEED(waitpid(others[i], NULL, 0) == others[i]);
  }
}

static void count_fork(void) {
  const uint64_t before = counter();
  const long child = plain_fork();
  const uint64_t after = counter();
  NEED(child > 0);
  keep_count(after - before);
  CALL(SYS_wait4, child, 0, 0, 0, 0, 0);
}

static void count_fork_and_wait(void) {
  const uint64_t before = counter();
  const long child = plain_fork();
  const long waited = CALL(SYS_wait4, child, 0, 0, 0, 0, 0);
  const uint64_t after = counter();
  NEED(child > 0 && waited == child);
  keep_count(after - before);
}

static void count_stretches(const char *name, void (*count)(void)) {
  for (int stretch = 0; stretch < kStretches; stretch++) {
    add_other(stretch);
    for (int i = 0; i < kForks; i++) count();
  }
  end_others();
  print_counts(name);
}

void count_processes(void) {
  count_stretches("fork", count_fork);
  count_stretches("fork-wait", count_fork_and_wait);
}
