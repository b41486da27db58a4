// SPDX-License-Identifier: MIT
// What shows that the counter counts instructions, and what it costs itself.
#include <errno.h>
#include <linux/disablenetwork.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "count.h"
#include "operations.h"

// Lets another process give up its network, where that exists: what the others pay may depend on
// whether the LSM is in use on this machine, and they pay the most when it is.
static void use_network_switch(void) {
  int status;
  fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    const long result = CALL(SYS_prctl, PR_SET_NETWORK, PR_NETWORK_OFF, 0, 0, 0, 0);
    _exit(result == 0 ? 0 : result == -EINVAL ? 1 : 2);
  }
  NEED(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) != 2);
  print_value("users", WEXITSTATUS(status) == 0);
}

void count_controls(void) {
  use_network_switch();
  for (int i = 0; i < kRepetitions; i++) {
    const uint64_t before = counter();
    const uint64_t after = counter();
    keep_count(after - before);
  }
  print_counts("nothing");
  for (int i = 0; i < kRepetitions; i++) {
    const uint64_t before = counter();
    __asm__ volatile(".rept 1000\n\tnop\n\t.endr");
    const uint64_t after = counter();
    keep_count(after - before);
  }
  print_counts("thousand-nops");
  for (int i = 0; i < kRepetitions; i++) NEED(COUNT(getppid, 0, 0, 0, 0, 0, 0) > 0);
  print_counts("getppid");
  // 0: the LSM is there and leaves this process alone. -EINVAL: nobody knows the option.
  print_value("restrictions", CALL(SYS_prctl, PR_GET_NETWORK, 0, 0, 0, 0, 0));
}
