/* SPDX-License-Identifier: MIT */
/* The fuzzer itself, inside the drop: one process after the other, each with random numbers that
 * only the seed and its place decide. */
#pragma once

#include <pthread.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>

#include "calls-bytes.h"
#include "calls-foreign.h"
#include "calls-kernel.h"
#include "calls-processes.h"
#include "calls-rings.h"
#include "calls-sockets.h"

struct order {
  uint64_t seed, generation, generations; /* Where to begin; how many at most. */
  double seconds;
  unsigned calls;  /* By each worker. */
  double patience; /* Seconds that each has for them. */
};

static const struct {
  void (*make)(void);
  unsigned weight;
} calls[] = {
#define W(name, weight) [CALL_##name] = {try_##name, weight}
    W(socket, 40),
    W(socketpair, 8),
    W(bind, 30),
    W(connect, 50),
    W(listen, 20),
    W(accept4, 20),
    W(sendto, 60),
    W(sendmsg, 60),
    W(sendmmsg, 40),
    W(recvmsg, 20),
    W(setsockopt, 80),
    W(getsockopt, 30),
    W(getsockname, 4),
    W(shutdown, 4),
    W(ioctl, 20),
    W(write, 30),
    W(writev, 20),
    W(read, 8),
    W(splice, 20),
    W(vmsplice, 10),
    W(tee, 4),
    W(sendfile, 20),
    W(dup3, 8),
    W(fcntl, 8),
    W(close, 20),
    W(close_range, 2),
    W(epoll_ctl, 8),
    W(poll, 4),
    W(memfd_create, 2),
    W(pipe2, 3),
    W(io_uring_setup, 10),
    W(io_uring_enter, 40),
    W(io_uring_register, 10),
    W(io_setup, 4),
    W(io_submit, 20),
    W(io_getevents, 4),
    W(fork, 1),
    W(clone, 1),
    W(clone3, 1),
    W(unshare, 6),
    W(setns, 6),
    W(openat, 6),
    W(pidfd_open, 4),
    W(pidfd_getfd, 10),
    W(process_vm_writev, 4),
    W(kcmp, 2),
    W(ptrace, 2),
    W(keyctl, 4),
    W(request_key, 3),
    W(add_key, 1),
    W(bpf, 4),
    W(perf_event_open, 3),
    W(userfaultfd, 1),
    W(prctl, 8),
    W(seccomp, 1),
    W(landlock_create_ruleset, 2),
    W(landlock_add_rule, 2),
    W(landlock_restrict_self, 1),
    W(int80_socketcall, 1),
    W(int80_direct, 1),
    W(x32, 1),
#undef W
};

_Static_assert(sizeof calls / sizeof *calls == CALL_COUNT, "every call has its weight");

static void make_calls(unsigned many) {
  unsigned total = 0;
  for (unsigned id = 0; id < CALL_COUNT; ++id) total += calls[id].weight;
  for (; many > 0; --many) {
    unsigned place = pick(total), id = 0;
    while (place >= calls[id].weight) place -= calls[id++].weight;
    calls[id].make();
  }
}

static void interrupt(int number) { (void)number; }

static void *second_thread(void *seed) {
  random_state = mix((uint64_t)(uintptr_t)seed);
  make_calls(200);
  return NULL;
}

static _Noreturn void work(const struct order *order, uint64_t generation) {
  const struct sigaction action = {.sa_handler = interrupt};
  pthread_t thread;
  setpgid(0, 0);
  sigaction(SIGALRM, &action, NULL);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGIO, SIG_IGN);
  signal(SIGURG, SIG_IGN);
  start_clock();
  random_state = mix(order->seed ^ mix(generation));
  make_files();
  const int threaded = once_in(4) && pthread_create(&thread, NULL, second_thread,
                                                    (void *)(uintptr_t)random_bits()) == 0;
  make_calls(order->calls);
  if (threaded) pthread_join(thread, NULL);
  _exit(0);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Waits for a worker as long as it may take; then it and its children are killed. */
static void await_worker(pid_t worker, double patience) {
  const double start = now();
  int status = 0;
  while (waitpid(worker, &status, WNOHANG) == 0) {
    if (now() - start > patience) {
      count(&record->overtime);
      kill(-worker, SIGKILL);
      kill(worker, SIGKILL);
      for (unsigned tries = 0; tries < 5000 && waitpid(worker, &status, WNOHANG) == 0; ++tries)
        usleep(1000);
      return; /* One that even this does not end is found by the observer: its namespace cannot end.
               */
    }
    usleep(500);
  }
  kill(-worker, SIGKILL);
  if (WIFSIGNALED(status)) count(&record->deaths[WTERMSIG(status)]);
}

static void fuzz(const struct order *order) {
  const double end = now() + order->seconds;
  errno = 0;
  record->inet_error = socket(AF_INET, SOCK_STREAM, 0) < 0 ? errno : 0;
  for (uint64_t left = order->generations; left > 0 && now() < end; --left) {
    const uint64_t generation = order->generation + (order->generations - left);
    record->generation = generation;
    const pid_t worker = fork();
    if (worker == 0) work(order, generation);
    if (worker < 0) return;
    setpgid(worker, worker);
    await_worker(worker, order->patience);
    while (waitpid(-1, NULL, WNOHANG) > 0) {
    }
    count(&record->generations);
  }
  record->finished = 1;
}
