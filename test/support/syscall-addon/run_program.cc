// SPDX-License-Identifier: MIT
// Runs a program from whichever thread is asked to: execve() itself would end this process.
#include "run_program.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

long RunProgram(const char* path, char* const* arguments) {
  const pid_t child = vfork();
  if (child < 0) return -errno;
  if (child == 0) {
    execve(path, arguments, environ);
    _exit(126);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return -errno;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
