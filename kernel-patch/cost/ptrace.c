// SPDX-License-Identifier: MIT
// Access to another process.
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "count.h"
#include "operations.h"

static void count_seize(pid_t child) {
  for (int i = 0; i < kProcesses; i++) {
    int status;
    NEED(COUNT(ptrace, PTRACE_SEIZE, child, 0, 0, 0, 0) == 0);
    NEED(ptrace(PTRACE_INTERRUPT, child, 0, 0) == 0);
    NEED(waitpid(child, &status, 0) == child);
    NEED(ptrace(PTRACE_DETACH, child, 0, 0) == 0);
  }
  print_counts("ptrace-seize");
}

static void count_remote_read(pid_t child) {
  static char source[64], target[64];
  const struct iovec local = {target, sizeof target}, remote = {source, sizeof source};
  for (int i = 0; i < kRepetitions; i++) {
    NEED(COUNT(process_vm_readv, child, &local, 1, &remote, 1, 0) == sizeof target);
  }
  print_counts("process_vm_readv");
}

static void count_traceme(void) {
  uint64_t *const shared =
      mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  NEED(shared != MAP_FAILED);
  for (int i = 0; i < kProcesses; i++) {
    int status;
    const pid_t child = fork();
    if (child == 0) {
      const uint64_t before = counter();
      const long result = CALL(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0, 0, 0);
      *shared = counter() - before;
      _exit(result == 0 ? 0 : 1);
    }
    NEED(waitpid(child, &status, 0) == child && status == 0);
    keep_count(*shared);
  }
  print_counts("ptrace-traceme");
  munmap(shared, 4096);
}

void count_ptrace(void) {
  int status;
  const pid_t child = fork();
  if (child == 0) {
    for (;;) pause();
  }
  NEED(child > 0);
  count_seize(child);
  count_remote_read(child);
  NEED(kill(child, SIGKILL) == 0);
  NEED(waitpid(child, &status, 0) == child);
  count_traceme();
}
