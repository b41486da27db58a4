// SPDX-License-Identifier: MIT
// Says who it runs as and whether it could gain privilege: `uid euid no_new_privs`.
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(void) {
  printf("%u %u %d\n", getuid(), geteuid(), prctl(PR_GET_NO_NEW_PRIVS, 0UL, 0UL, 0UL, 0UL));
  return 0;
}
