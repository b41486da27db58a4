/* SPDX-License-Identifier: MIT */
/* Runs a program under ptrace and makes one system call fail, or lets a thread disturb, between two
 * markers: as `strace -e inject` does it, and knows in addition when, whose and what for. Outside
 * of the markers, and in threads that have nothing to do with the drop, nothing is stopped. */
#define _GNU_SOURCE
#if !defined(__x86_64__)
#error "the injector knows the registers of x86-64 only"
#endif
#include <sys/mman.h>

#include "stops.h"

static void describe_threads(void) {
  char command[128];
  fflush(report);
  snprintf(command, sizeof command,
           "for t in /proc/%d/task/*; do cat $t/comm $t/wchan $t/syscall; echo; done >&2",
           main_pid);
  if (system(command) != 0) fprintf(stderr, "the threads cannot be described\n");
}

static void give_up(const char *what) {
  if (hang != NULL) return;
  hang = what;
  describe_threads();
  kill(main_pid, SIGKILL);
}

/* Answers in how many milliseconds to look again. */
static int64_t look_at_clock(void) {
  const int64_t time = now();
  if (window.open && time > window.begin + order.window_limit) give_up("in the call");
  if (time > started + order.total_limit) give_up("after the call");
  look_at_disturbance(time);
  const int is_awaited = act.begun && !act.over && time < act.limit;
  return is_awaited && act.limit - time < 100 ? act.limit - time : 100;
}

/* Answers how the program ended, as waitpid() says it. */
static int trace(void) {
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  for (;;) {
    int status = 0;
    const pid_t tid = waitpid(-1, &status, __WALL | WNOHANG);
    if (tid < 0) return -1;
    if (tid == 0) {
      const int64_t wait = look_at_clock();
      const struct timespec limit = {0, wait * 1000000L};
      sigtimedwait(&child, NULL, &limit);
      continue;
    }
    if (act.begun || (injected != 0 && order.fault.onwards)) look_at_clock();
    struct task *task = find_task(tid);
    if (WIFSTOPPED(status)) {
      if (task == NULL) {
        task = add_task(tid);
        task->parked = 1;
      }
      on_stop(task, status);
      continue;
    }
    if (tid == main_pid) return status;
    if (task == NULL) continue;
    task->tid = 0;
    if (tid == act.ending) release_caller(act.held == NULL ? "late" : "at the step");
  }
}

static void start(void) {
  const int memory = memfd_create("control", 0);
  if (memory < 0 || ftruncate(memory, sizeof *control) != 0) exit(2);
  control = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
  char number[16];
  snprintf(number, sizeof number, "%d", memory);
  setenv("FAULTS_CONTROL", number, 1);
  int gate[2];
  if (pipe2(gate, O_CLOEXEC) != 0) exit(2);
  fcntl(order.report, F_SETFD, FD_CLOEXEC);
  main_pid = fork();
  if (main_pid == 0) {
    char byte;
    const ssize_t length = read(gate[0], &byte, 1);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (length == 1) execvp(order.command[0], order.command);
    perror(order.command[0]);
    _exit(127);
  }
  add_task(main_pid);
  if (ptrace(PTRACE_SEIZE, main_pid, 0, OPTIONS | FOLLOWING) != 0) {
    perror("ptrace(PTRACE_SEIZE)");
    kill(main_pid, SIGKILL);
    exit(2);
  }
  if (write(gate[1], "", 1) != 1) exit(2);
  close(gate[0]);
  close(gate[1]);
  close(memory);
  started = now();
}

int main(int count, char **words) {
  order = read_order(count, words);
  report = fdopen(order.report, "w");
  if (report == NULL) return 2;
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child, NULL);
  start();
  const int status = trace();
  if (window.seen && window.end == 0) window.end = now();
  fprintf(report,
          "{\"signal\":%d,\"exitCode\":%d,\"hang\":\"%s\",\"windowSeen\":%s,\"milliseconds\":%lld,"
          "\"injected\":%u,\"steps\":%u,\"acted\":\"%s\"}\n",
          WIFSIGNALED(status) ? WTERMSIG(status) : 0, WIFEXITED(status) ? WEXITSTATUS(status) : -1,
          hang == NULL ? "" : hang, window.seen ? "true" : "false",
          (long long)(window.end - window.begin), injected, steps, act.when);
  fclose(report);
  return 0;
}
