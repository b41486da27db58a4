// SPDX-License-Identifier: MIT
// What shows that the counter counts instructions, and what it costs itself.
#include <linux/disablenetwork.h>

#include "count.h"
#include "operations.h"

void count_controls(void) {
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
