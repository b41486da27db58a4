/* SPDX-License-Identifier: MIT */
/* A thread as another addon might have one. At the step that the injector chooses it does what a
 * drop may meet; later it is asked to try the network, and to undo what it did. */
#pragma once

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

#include "control.h"
#include "probes.h"

#define BLINK_TIME 300
#define LONG_TIME 11000 /* Longer than the drop waits for any thread. */

static struct control *control;
static _Atomic int stop_others, others, chains;

/* The tracer sees it and nobody else: without one it would end the process. */
static void mark(enum mark mark) {
  if (control != NULL) __asm__ volatile("int3" : : "a"(MARKER), "D"((long)mark) : "memory");
}

static void acted(void) {
  atomic_store(&control->acted, 1);
  mark(MARK_ACTED);
}

static void pause_for(long milliseconds) {
  struct timespec left = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  while (nanosleep(&left, &left) != 0 && errno == EINTR) continue;
}

/* Raw: the C library never blocks its own signals. The breakpoint has to get through. */
static void block_signals(int block) {
  const unsigned long mask = block ? ~(1UL << (SIGTRAP - 1)) : 0;
  raw(SYS_rt_sigprocmask, SIG_SETMASK, (long)&mask, 0, sizeof mask, 0);
}

static void fork_once(void) {
  /* No signal at its end: the child is nothing of libuv's. */
  const long child = raw(SYS_clone, 0, 0, 0, 0, 0);
  if (child == 0) {
    pause_for(50);
    raw(SYS_exit_group, 0, 0, 0, 0, 0);
  }
  acted();
  raw(SYS_wait4, child, 0, __WALL, 0, 0);
}

static int hold_parent(void *time) {
  mark(MARK_ACTED);
  pause_for((long)time);
  raw(SYS_exit_group, 0, 0, 0, 0, 0);
  return 0;
}

/* The thread stays in the kernel until the child lets go of the memory, and takes no signal. */
static void hold_by_vfork(long milliseconds) {
  static char stack[65536] __attribute__((aligned(16)));
  atomic_store(&control->acted, 1);
  const int child =
      clone(hold_parent, stack + sizeof stack, CLONE_VM | CLONE_VFORK, (void *)milliseconds);
  if (child > 0) raw(SYS_wait4, child, 0, __WALL, 0, 0);
}

static void *live_on(void *unused) {
  while (!atomic_load(&stop_others)) pause_for(2);
  atomic_fetch_sub(&others, 1);
  return unused;
}

/* Each makes the next and ends. */
static void *live_briefly(void *unused) {
  pause_for(1);
  if (atomic_load(&control->dropped)) {
    int results[PROBES];
    try_every_way(results);
    for (int way = 0; way < PROBES; ++way) {
      if (results[way] >= 0) atomic_fetch_or(&control->escaped, 1 << way);
    }
    atomic_fetch_add(&control->tried, 1);
  }
  pthread_t next;
  const int goes_on =
      !atomic_load(&stop_others) && pthread_create(&next, NULL, live_briefly, NULL) == 0;
  if (goes_on)
    pthread_detach(next);
  else
    atomic_fetch_sub(&others, 1);
  return unused;
}

static void start_other(void *(*function)(void *)) {
  pthread_t thread;
  atomic_fetch_add(&others, 1);
  if (pthread_create(&thread, NULL, function, NULL) == 0)
    pthread_detach(thread);
  else
    atomic_fetch_sub(&others, 1);
  acted();
}

static void open_socket(int type) {
  atomic_store(&outside.own,
               (int)raw(SYS_socket, AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, 0, 0));
  acted();
}

static void undo(void) {
  block_signals(0);
  closing(atomic_exchange(&outside.own, -1));
  atomic_store(&stop_others, 1);
  while (atomic_load(&others) > 0) pause_for(1);
}

static void obey(enum command command) {
  switch (command) {
    case COMMAND_SILENT:
      block_signals(1);
      acted();
      break;
    case COMMAND_BLINK:
      block_signals(1);
      acted();
      pause_for(BLINK_TIME);
      block_signals(0);
      break;
    case COMMAND_FORK:
      fork_once();
      break;
    case COMMAND_VFORK:
      hold_by_vfork(BLINK_TIME);
      break;
    case COMMAND_VFORK_LONG:
      hold_by_vfork(LONG_TIME);
      break;
    case COMMAND_BORN:
      start_other(live_on);
      break;
    case COMMAND_CHAIN:
      atomic_store(&chains, 1);
      start_other(live_briefly);
      break;
    case COMMAND_UDP:
      open_socket(SOCK_DGRAM);
      break;
    case COMMAND_TCP:
      open_socket(SOCK_STREAM);
      break;
    case COMMAND_PROBE:
      try_every_way(control->results);
      break;
    case COMMAND_UNDO:
      undo();
      break;
    case COMMAND_NONE:
    case COMMAND_EXIT:
      break;
  }
}

static void *run_extra_thread(void *unused) {
  atomic_store(&control->tid, (int)raw(SYS_gettid, 0, 0, 0, 0, 0));
  for (;;) {
    const int command = atomic_load(&control->command);
    if (command == COMMAND_NONE) {
      raw(SYS_futex, (long)&control->command, FUTEX_WAIT, COMMAND_NONE, 0, 0);
      continue;
    }
    if (command == COMMAND_EXIT) {
      atomic_store(&control->acted, 1);
      atomic_store(&control->tid, 0);
    } else {
      obey((enum command)command);
    }
    atomic_store(&control->command, COMMAND_NONE);
    if (command == COMMAND_EXIT) return unused;
  }
}

/* Tells the extra thread, and waits until it has done it; answers 0 when it has not in time, or is
 * there no more. What it was told before, at its step, comes first. */
static int tell_and_wait(enum command command, int milliseconds) {
  for (int pass = 0; pass < 2; ++pass) {
    for (int waited = 0; atomic_load(&control->command) != COMMAND_NONE; ++waited) {
      if (waited > milliseconds) return 0;
      pause_for(1);
    }
    if (atomic_load(&control->tid) == 0) return 0;
    if (pass == 0) tell(control, command);
  }
  return 1;
}
