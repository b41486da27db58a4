// SPDX-License-Identifier: MIT
// Options of prctl(2) that are none of the LSM's, which looks at each all the same.
#include <sys/prctl.h>

#include "count.h"
#include "operations.h"

void count_prctl(void) {
  static const char name[16] = "cost";
  for (int i = 0; i < kRepetitions; i++) NEED(COUNT(prctl, PR_GET_DUMPABLE, 0, 0, 0, 0, 0) >= 0);
  print_counts("prctl-get");
  for (int i = 0; i < kRepetitions; i++) NEED(COUNT(prctl, PR_SET_NAME, name, 0, 0, 0, 0) == 0);
  print_counts("prctl-set");
}
