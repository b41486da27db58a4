/* SPDX-License-Identifier: MIT */
/* New processes, other namespaces, and a process outside the drop that has sockets. */
#pragma once

#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "messages.h"
#include "record.h"

/* In the pid namespace of the fuzzer: the process that is not restricted. */
static int sibling = -1;
static int depth;

static void make_calls(unsigned many);

/* Cuts short what would wait. */
static void start_clock(void) {
  const struct itimerval period = {{0, 3000}, {0, 3000}};
  setitimer(ITIMER_REAL, &period, NULL);
}

static void bury(long pid) {
  int status = 0;
  if (pid <= 0) return;
  while (waitpid((pid_t)pid, &status, __WALL) < 0) {
    if (errno != EINTR) return;
  }
  if (WIFSIGNALED(status)) count(&record->inner_deaths[WTERMSIG(status)]);
}

static _Noreturn void live(unsigned many) {
  ++depth;
  start_clock();
  random_state = mix(random_state + 77);
  make_calls(many);
  _exit(0);
}

static void try_fork(void) {
  if (depth > 1) return;
  const long pid = remember(CALL_fork, fork());
  if (pid == 0) live(40);
  bury(pid);
}

static uint64_t random_namespaces(void) {
  static const uint64_t flags[] = {CLONE_NEWUSER, CLONE_NEWNET, CLONE_NEWNS,
                                   CLONE_NEWUTS,  CLONE_NEWIPC, CLONE_NEWCGROUP,
                                   CLONE_FILES,   CLONE_FS,     CLONE_NEWPID};
  return PICK_FROM(flags) | (once_in(2) ? PICK_FROM(flags) : 0) |
         (once_in(4) ? CLONE_NEWUSER | CLONE_NEWNET : 0);
}

static void try_clone(void) {
  if (depth > 1) return;
  const uint64_t flags = (random_namespaces() & ~(uint64_t)CLONE_FS) | SIGCHLD;
  const long pid = CALL(clone, 0, flags, 0, 0, 0, 0);
  if (pid == 0) live(40);
  bury(pid);
}

static void try_clone3(void) {
  if (depth > 1) return;
  struct clone_args arguments = {.flags = random_namespaces() & ~(uint64_t)CLONE_FS,
                                 .exit_signal = SIGCHLD};
  const long pid = CALL(clone3, 0, P(&arguments), sizeof arguments);
  if (pid == 0) live(40);
  bury(pid);
}

/* Mostly in a child: a worker that leaves the namespace is out of the observer's sight. */
static void try_unshare(void) {
  if (depth == 0 && !once_in(64)) return;
  CALL(unshare, 1, random_namespaces());
}

static void try_setns(void) {
  CALL(setns, 3, (uint64_t)any_descriptor(), once_in(2) ? 0 : CLONE_NEWNET);
}

static void try_openat(void) {
  static const char *const paths[] = {"/proc/self/ns/net", "/proc/self/ns/user", "/proc/1/ns/net",
                                      "/proc/self/fd",     "/proc/self/net/tcp", "/dev/null",
                                      "/dev/zero"};
  keep(CALL(openat, 5, (uint64_t)AT_FDCWD, P(PICK_FROM(paths)), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
}

static void try_pidfd_open(void) {
  keep(CALL(pidfd_open, 3, (uint64_t)(once_in(4) ? getpid() : sibling), 0));
}

/* The sibling's sockets are at the same low numbers as what a worker was given. */
static void try_pidfd_getfd(void) {
  const int process = (int)syscall(SYS_pidfd_open, sibling, 0);
  keep(CALL(pidfd_getfd, 7, (uint64_t)(once_in(4) ? any_descriptor() : process), 3 + pick(8), 0));
  if (process >= 0) close(process);
}

static void try_process_vm_writev(void) {
  unsigned char bytes[8] = {0};
  const struct iovec here = {bytes, sizeof bytes}, there = {bytes, sizeof bytes};
  CALL(process_vm_writev, 1, (uint64_t)(once_in(2) ? sibling : getpid()), P(&here), 1, P(&there), 1,
       0);
}

static void try_kcmp(void) {
  CALL(kcmp, 7, (uint64_t)getpid(), (uint64_t)sibling, pick(8), pick(20), pick(20));
}

/* Seizing does not stop it; the end of the worker lets it go. */
static void try_ptrace(void) {
  CALL(ptrace, 3, PTRACE_SEIZE, (uint64_t)(once_in(2) ? sibling : 1), 0, 0);
}
