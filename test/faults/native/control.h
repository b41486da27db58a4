/* SPDX-License-Identifier: MIT */
/* What the injector and the program that it traces share: memory, and markers. A marker is a
 * breakpoint instruction: it stops the thread at once, for the tracer alone, and is no system call.
 */
#pragma once

#include <linux/futex.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MARKER 0x6661756c74L

/* In the register RDI of a marker. */
enum mark { MARK_BEGIN = 1, MARK_END, MARK_ACTED };

/* What the extra thread is told to do. The names stand in extra_thread.h. */
enum command {
  COMMAND_NONE,
  COMMAND_SILENT,
  COMMAND_BLINK,
  COMMAND_EXIT,
  COMMAND_FORK,
  COMMAND_VFORK,
  COMMAND_VFORK_LONG,
  COMMAND_BORN,
  COMMAND_CHAIN,
  COMMAND_UDP,
  COMMAND_TCP,
  COMMAND_PROBE,
  COMMAND_UNDO,
};

#define PROBES 7

struct control {
  _Atomic int command; /* A futex; the extra thread sets it back when it has done it. */
  _Atomic int acted;   /* Whether it did what disturbs. */
  _Atomic int tid;     /* Of the extra thread; 0 when it has ended. */
  _Atomic int dropped; /* disableNetwork() has returned a receipt. */
  _Atomic int escaped; /* Bits of the ways that were open to a thread of a chain after that. */
  _Atomic int tried;   /* How many threads of a chain have tried after that. */
  int results[PROBES]; /* Of COMMAND_PROBE. */
};

static inline void tell(struct control *control, enum command command) {
  atomic_store(&control->command, command);
  syscall(SYS_futex, &control->command, FUTEX_WAKE, 1, NULL, NULL, 0);
}
