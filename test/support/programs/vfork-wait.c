// SPDX-License-Identifier: MIT
// A process that waits in vfork() for as long as its child lives: no tracer can stop it. The child
// prints a line, and ends when its input does.
#include <sys/types.h>
#include <unistd.h>

int main(void) {
  char byte;
  if (vfork() == 0) {
    if (write(STDOUT_FILENO, "ready\n", 6) != 6) _exit(1);
    while (read(STDIN_FILENO, &byte, 1) > 0) continue;
    _exit(0);
  }
  return 0;
}
