// SPDX-License-Identifier: MIT
// execve(2) up to the first line of main: the program executes itself again and again, and hands
// the reading before the call over as an argument. The arguments keep their length, so the stack
// its layout.
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "count.h"
#include "operations.h"

enum { kDigits = 16, kResults = 100 /* A descriptor that nothing else uses. */ };

static void execute_again(const char *program, int left) {
  char sent[kDigits + 1] = "", number[12];
  char *const arguments[] = {(char *)program, "exec", sent, number, NULL};
  char *const environment[] = {NULL};
  snprintf(number, sizeof number, "%011d", left);
  // The same number of instructions for every reading, so they may be counted.
  const uint64_t before = counter();
  for (int i = 0; i < kDigits; i++) sent[i] = (char)('a' + (before >> (4 * i) & 15));
  CALL(SYS_execve, program, arguments, environment, 0, 0, 0);
  _exit(1);
}

void continue_exec(const char *program, const char *sent, const char *left) {
  uint64_t count = counter(), before = 0;
  for (int i = 0; i < kDigits; i++) before |= (uint64_t)(sent[i] - 'a') << (4 * i);
  count -= before;
  if (write(kResults, &count, sizeof count) != sizeof count) _exit(1);
  if (atoi(left) == 0) _exit(0);
  execute_again(program, atoi(left) - 1);
}

void count_exec(const char *program) {
  int results[2], status;
  uint64_t count;
  NEED(pipe(results) == 0);
  const pid_t child = fork();
  if (child == 0) {
    dup2(results[1], kResults);
    close(results[0]);
    close(results[1]);
    execute_again(program, kProcesses - 1);
  }
  close(results[1]);
  int length = 0;
  for (; read(results[0], &count, sizeof count) == sizeof count; length++) keep_count(count);
  NEED(waitpid(child, &status, 0) == child && status == 0);
  NEED(length == kProcesses);
  close(results[0]);
  print_counts("exec");
}
