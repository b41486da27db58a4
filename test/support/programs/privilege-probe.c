// SPDX-License-Identifier: MIT
// Exits with 0 when it has more privilege than who started it, with 1 when it has not.
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(void) {
  char line[256];
  unsigned long long capabilities = 0;
  FILE *status = fopen("/proc/self/status", "r");
  if (status == NULL) return 2;
  while (fgets(line, sizeof line, status) != NULL) {
    if (sscanf(line, "CapEff: %llx", &capabilities) == 1) break;
  }
  fclose(status);
  if (getuid() == 0) return 3;
  return geteuid() == 0 || getegid() == 0 || capabilities != 0 ? 0 : 1;
}
