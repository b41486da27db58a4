// SPDX-License-Identifier: MIT
// Counts the instructions of system calls: to be run in a virtual machine under -icount shift=0
// with one processor. Prints lines for the harness; see count.h.
#include <stdio.h>
#include <string.h>

#include "operations.h"

int main(int argc, char **argv) {
  if (argc == 4 && strcmp(argv[1], "exec") == 0) continue_exec(argv[0], argv[2], argv[3]);
  // The child of a fork must not print what its parent has not printed yet.
  setvbuf(stdout, NULL, _IOLBF, 1 << 16);
  count_controls();
  count_creation();
  count_connections();
  count_transfers();
  count_files();
  count_prctl();
  count_ptrace();
  count_processes();
  count_exec(argv[0]);
  count_threads();
  measure_memory();
  return 0;
}
