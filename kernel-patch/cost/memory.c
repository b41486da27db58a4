// SPDX-License-Identifier: MIT
// Kernel memory of many processes and of many threads, as what the slab allocator took in all:
// whatever an LSM keeps for a process is in there.
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "count.h"
#include "operations.h"

enum { kMany = 12000, kStack = 16384 };

// Lets the kernel free what it frees later, and add up what each processor has counted for itself,
// which it does when somebody reads this file. Sleeping costs nothing: an idle machine's time
// jumps.
static void settle(void) {
  char text[64];
  sleep(3);
  const int fd = open("/proc/sys/vm/stat_refresh", O_RDONLY);
  if (fd < 0) return;
  while (read(fd, text, sizeof text) > 0) continue;
  close(fd);
}

// Kibibytes of slabs that cannot be reclaimed.
static long slab_memory(void) {
  char text[4096];
  settle();
  const int fd = open("/proc/meminfo", O_RDONLY);
  const ssize_t length = read(fd, text, sizeof text - 1);
  close(fd);
  NEED(length > 0);
  text[length] = '\0';
  const char *const line = strstr(text, "SUnreclaim:");
  NEED(line != NULL);
  return atol(line + strlen("SUnreclaim:"));
}

static void measure_processes(void) {
  static pid_t children[kMany];
  const long before = slab_memory();
  for (int i = 0; i < kMany; i++) {
    children[i] = fork();
    if (children[i] == 0) {
      for (;;) pause();
    }
    NEED(children[i] > 0);
  }
  print_value("memory-processes", kMany);
  print_value("memory-processes-kib", slab_memory() - before);
  for (int i = 0; i < kMany; i++) {
    kill(children[i], SIGKILL);
    waitpid(children[i], NULL, 0);
  }
}

static int gate[2];

static void *wait_for_end(void *argument) {
  char byte;
  return read(gate[0], &byte, 1) < 0 ? argument : NULL;
}

static void measure_threads(void) {
  static pthread_t threads[kMany];
  pthread_attr_t attributes;
  NEED(pipe(gate) == 0);
  pthread_attr_init(&attributes);
  NEED(pthread_attr_setstacksize(&attributes, kStack) == 0);
  const long before = slab_memory();
  for (int i = 0; i < kMany; i++)
    NEED(pthread_create(&threads[i], &attributes, wait_for_end, NULL) == 0);
  print_value("memory-threads", kMany);
  print_value("memory-threads-kib", slab_memory() - before);
  close(gate[1]);
  for (int i = 0; i < kMany; i++) pthread_join(threads[i], NULL);
  close(gate[0]);
}

// In a process of its own, so that what one leaves in its address space is not copied in the next.
static void measure_apart(void (*measure)(void)) {
  int status;
  fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    measure();
    exit(0);
  }
  NEED(waitpid(child, &status, 0) == child && status == 0);
}

void measure_memory(void) {
  measure_apart(measure_processes);
  measure_apart(measure_threads);
}
