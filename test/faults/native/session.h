/* SPDX-License-Identifier: MIT */
/* The one program that is traced, and how its threads go on. */
#pragma once

#include <stdint.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <time.h>

#include "control.h"
#include "order.h"
#include "tasks.h"

#define OPTIONS (PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD)
#define FOLLOWING (PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK)

static struct order order;
static struct control *control;
static FILE *report;
static pid_t main_pid;
static int64_t started;
static struct {
  int open, seen;
  int64_t begin, end;
} window;
static unsigned injected, steps;
static struct {
  int begun, over;
  const char *when;
  struct task *held; /* The caller, while the extra thread acts. */
  pid_t ending;      /* The thread whose end is waited for. */
  int64_t limit;     /* When the caller goes on, or the process is continued. */
} act = {0, 0, "never", NULL, 0, 0};
static const char *hang = NULL;

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* When the one fault has been injected, the rest runs at its own speed. */
static int watches(void) {
  if (!window.open) return 0;
  if (order.has_fault) return injected == 0 || order.fault.onwards;
  return order.recording || (order.has_disturbance && !act.begun);
}

static void resume(struct task *task, int signal) {
  const int is_watched = (watches() && task->role != ROLE_OTHER) || task->error != 0;
  ptrace(is_watched ? PTRACE_SYSCALL : PTRACE_CONT, task->tid, 0, signal);
}
