/* SPDX-License-Identifier: MIT */
/* What is done at the two stops of a system call. */
#pragma once

#include <sys/ptrace.h>
#include <sys/reg.h>
#include <sys/syscall.h>

#include "disturbance.h"
#include "owner.h"
#include "session.h"
#include "sites.h"

static int is_due(const struct task *task) {
  const struct fault *fault = &order.fault;
  if (!order.has_fault || task->role != fault->role) return 0;
  if (strcmp(site_name(&task->site), fault->call) != 0) return 0;
  if (strcmp(task->site.about, fault->about) != 0) return 0;
  return fault->onwards ? task->occurrence >= fault->occurrence
                        : task->occurrence == fault->occurrence;
}

static int begin_call(struct task *task, const struct __ptrace_syscall_info *call) {
  if (task->role == ROLE_HANDLER && call->entry.nr == SYS_rt_sigreturn) {
    task->role = ROLE_OTHER;
    return 0;
  }
  if (may_be_of_v8(call->entry.nr) &&
      !is_of_addon(main_pid, task->tid, call->instruction_pointer, call->stack_pointer)) {
    return 0;
  }
  memcpy(task->arguments, call->entry.args, sizeof task->arguments);
  find_site(task->tid, call->entry.nr, task->arguments, &task->site);
  task->occurrence = count_call(task->role, &task->site);
  task->in_call = 1;
  if (is_due(task)) {
    task->error = order.fault.error;
    task->made = order.fault.made;
    /* Not -1: a seccomp filter would look at it. */
    if (!task->made) ptrace(PTRACE_POKEUSER, task->tid, sizeof(long) * ORIG_RAX, SYS_getpid);
  }
  if (task->role != ROLE_CALLER) return 0;
  ++steps;
  return order.has_disturbance && !act.begun && steps == order.disturbance.step ? disturb(task) : 0;
}

static void end_call(struct task *task, int64_t result) {
  if (!task->in_call) return;
  task->in_call = 0;
  if (task->error != 0) {
    ptrace(PTRACE_POKEUSER, task->tid, sizeof(long) * RAX, (long)-task->error);
    task->error = 0;
    ++injected;
    return;
  }
  remember_descriptor(&task->site, task->arguments, result);
  if (order.recording) {
    fprintf(report, "%s %s %s %u %lld\n", role_names[task->role], site_name(&task->site),
            task->site.about[0] == '\0' ? "-" : task->site.about, task->occurrence,
            (long long)result);
  }
}

/* Answers whether the task has to wait. */
static int on_call(struct task *task) {
  struct __ptrace_syscall_info call;
  if (ptrace(PTRACE_GET_SYSCALL_INFO, task->tid, sizeof call, &call) <= 0) return 0;
  if (call.op == PTRACE_SYSCALL_INFO_ENTRY) return begin_call(task, &call);
  if (call.op == PTRACE_SYSCALL_INFO_EXIT) end_call(task, call.exit.rval);
  return 0;
}
