// SPDX-License-Identifier: MIT
#include <pthread.h>

#include "count.h"
#include "operations.h"

static void *end_at_once(void *argument) { return argument; }

void count_threads(void) {
  for (int i = 0; i < kProcesses; i++) {
    pthread_t thread;
    const uint64_t before = counter();
    const int error = pthread_create(&thread, NULL, end_at_once, NULL);
    const uint64_t after = counter();
    NEED(error == 0);
    NEED(pthread_join(thread, NULL) == 0);
    // The first one also makes the stack that the others find.
    if (i > 0) keep_count(after - before);
  }
  print_counts("thread");
  for (int i = 0; i < kProcesses; i++) {
    pthread_t thread;
    const uint64_t before = counter();
    const int error = pthread_create(&thread, NULL, end_at_once, NULL);
    const int joined = pthread_join(thread, NULL);
    const uint64_t after = counter();
    NEED(error == 0 && joined == 0);
    keep_count(after - before);
  }
  print_counts("thread-join");
}
