/* SPDX-License-Identifier: MIT */
/* What is done when a thread stops for any reason. */
#pragma once

#include <sys/user.h>
#include <sys/wait.h>

#include "calls.h"

static void on_marker(struct task *task, enum mark mark) {
  switch (mark) {
    case MARK_BEGIN:
      window.open = window.seen = 1;
      window.begin = now();
      task->role = ROLE_CALLER;
      break;
    case MARK_END:
      window.open = 0;
      window.end = now();
      /* What it starts from now on is nobody's business. */
      ptrace(PTRACE_SETOPTIONS, task->tid, 0, OPTIONS);
      break;
    case MARK_ACTED:
      if (act.ending != 0) break;
      if (act.held != NULL)
        release_caller("at the step");
      else if (act.begun && !act.over)
        release_caller("late");
      break;
  }
}

static void on_signal(struct task *task, int signal) {
  if (signal == SIGTRAP) {
    struct user_regs_struct registers;
    ptrace(PTRACE_GETREGS, task->tid, 0, &registers);
    if (registers.rax == MARKER) {
      on_marker(task, (enum mark)registers.rdi);
      resume(task, 0);
      return;
    }
  }
  /* The caller asks other threads by a real-time signal that nothing else uses meanwhile. */
  if (window.open && task->role == ROLE_OTHER && signal >= 32) task->role = ROLE_HANDLER;
  resume(task, signal);
}

static void on_new_task(struct task *parent) {
  unsigned long tid = 0;
  ptrace(PTRACE_GETEVENTMSG, parent->tid, 0, &tid);
  struct task *task = find_task((pid_t)tid);
  const int is_parked = task != NULL;
  if (task == NULL) task = add_task((pid_t)tid);
  const int is_of_drop = window.open && (parent->role == ROLE_CALLER || parent->role == ROLE_CHILD);
  task->role = is_of_drop ? ROLE_CHILD : ROLE_OTHER;
  task->parked = 0;
  if (is_parked) resume(task, 0);
}

static void on_stop(struct task *task, int status) {
  const int signal = WSTOPSIG(status);
  const int event = status >> 16;
  if (signal == (SIGTRAP | 0x80)) {
    if (!on_call(task)) resume(task, 0);
  } else if (event == PTRACE_EVENT_CLONE || event == PTRACE_EVENT_FORK ||
             event == PTRACE_EVENT_VFORK) {
    on_new_task(task);
    resume(task, 0);
  } else if (event == PTRACE_EVENT_STOP) {
    if (task->parked) return;
    /* A stop of the whole process lasts until SIGCONT. */
    if (signal == SIGTRAP)
      resume(task, 0);
    else
      ptrace(PTRACE_LISTEN, task->tid, 0, 0);
  } else {
    on_signal(task, signal);
  }
}
