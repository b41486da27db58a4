/* SPDX-License-Identifier: MIT */
/* The extra thread acts while the caller stands at a step of the drop. */
#pragma once

#include <signal.h>

#include "session.h"

/* How long the caller waits at a step for the extra thread, which the drop may be holding. */
#define ACT_LIMIT 20
#define STOP_TIME 50

static void release_caller(const char *when) {
  struct task *caller = act.held;
  act.held = NULL;
  act.ending = 0;
  act.over = 1;
  act.when = when;
  if (caller != NULL) resume(caller, 0);
}

/* Answers whether the caller has to wait. */
static int disturb(struct task *caller) {
  act.begun = 1;
  if (order.disturbance.command == DISTURBANCE_STOP) {
    kill(main_pid, SIGSTOP);
    act.limit = now() + STOP_TIME;
    return 0;
  }
  act.held = caller;
  act.limit = now() + ACT_LIMIT;
  if (order.disturbance.command == COMMAND_EXIT) act.ending = atomic_load(&control->tid);
  tell(control, (enum command)order.disturbance.command);
  return 1;
}

/* The caller goes on without the extra thread; the process that was stopped is continued. */
static void look_at_disturbance(int64_t time) {
  if (!act.begun || act.over || time < act.limit) return;
  if (order.disturbance.command == DISTURBANCE_STOP) {
    act.over = 1;
    act.when = "at the step";
    kill(main_pid, SIGCONT);
  } else if (act.held != NULL) {
    struct task *caller = act.held;
    act.held = NULL;
    resume(caller, 0);
  }
}
