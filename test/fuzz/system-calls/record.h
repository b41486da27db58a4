/* SPDX-License-Identifier: MIT */
/* What was called and how it ended: in memory that the observer shares, so that a crash loses none.
 */
#pragma once

#include <errno.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "random.h"

#define CALL_NAMES(X)                                                                              \
  X(socket)                                                                                        \
  X(socketpair)                                                                                    \
  X(bind)                                                                                          \
  X(connect)                                                                                       \
  X(listen) X(accept4) X(sendto) X(sendmsg) X(sendmmsg) X(recvmsg) X(setsockopt) X(getsockopt)     \
      X(getsockname) X(shutdown) X(ioctl) X(write) X(writev) X(read) X(splice) X(vmsplice) X(tee)  \
          X(sendfile) X(dup3) X(fcntl) X(close) X(close_range) X(epoll_ctl) X(poll)                \
              X(memfd_create) X(pipe2) X(io_uring_setup) X(io_uring_enter) X(io_uring_register)    \
                  X(io_setup) X(io_submit) X(io_getevents) X(fork) X(clone) X(clone3) X(unshare)   \
                      X(setns) X(pidfd_open) X(pidfd_getfd) X(process_vm_writev) X(kcmp) X(ptrace) \
                          X(openat) X(keyctl) X(request_key) X(add_key) X(bpf) X(perf_event_open)  \
                              X(prctl) X(seccomp) X(landlock_create_ruleset) X(landlock_add_rule)  \
                                  X(landlock_restrict_self) X(userfaultfd) X(int80_socketcall)     \
                                      X(int80_direct) X(x32)

enum call_id {
#define X(name) CALL_##name,
  CALL_NAMES(X)
#undef X
      CALL_COUNT
};

static const char *const call_names[] = {
#define X(name) #name,
    CALL_NAMES(X)
#undef X
};

enum { OUTCOMES = 200, SIGNALS = 65 };

struct record {
  uint64_t outcomes[CALL_COUNT][OUTCOMES]; /* By errno; 0 is success. */
  uint64_t deaths[SIGNALS];                /* By signal, of workers. */
  uint64_t inner_deaths[SIGNALS];          /* Of the processes that workers sacrifice. */
  uint64_t overtime;                       /* Workers that the time limit ended. */
  uint64_t generation, generations;
  int inet_error; /* What a plain socket(AF_INET) answered before the first call. */
  int finished;
};

static struct record *record;

static void count(uint64_t *counter) { __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED); }

static long remember(enum call_id id, long answer) {
  const int error = answer == -1 ? errno : 0;
  count(&record->outcomes[id][error >= 0 && error < OUTCOMES ? error : OUTCOMES - 1]);
  return answer;
}

/* Bits of `integers` say which arguments the kernel takes from the low half: the other half is
 * noise. */
static long invoke(enum call_id id, long number, unsigned integers, const uint64_t given[6]) {
  uint64_t values[6];
  for (unsigned index = 0; index < 6; ++index) {
    values[index] = given[index];
    if (((integers >> index) & 1) != 0 && once_in(16)) {
      values[index] = (uint32_t)values[index] | (random_bits() << 32);
    }
  }
  return remember(
      id, syscall(number, values[0], values[1], values[2], values[3], values[4], values[5]));
}

#define CALL(name, integers, ...) \
  invoke(CALL_##name, SYS_##name, integers, (const uint64_t[6]){__VA_ARGS__})
#define P(pointer) ((uint64_t)(uintptr_t)(pointer))
