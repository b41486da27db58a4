// SPDX-License-Identifier: MIT
#include "count.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { kMost = 4096 };

static uint64_t counts[kMost];
static size_t length;

void keep_count(uint64_t count) {
  NEED(length < kMost);
  counts[length++] = count;
}

static int compare(const void *left, const void *right) {
  const uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
  return a < b ? -1 : a > b;
}

void print_counts(const char *name) {
  qsort(counts, length, sizeof counts[0], compare);
  printf("count %s", name);
  for (size_t first = 0; first < length;) {
    size_t next = first + 1;
    while (next < length && counts[next] == counts[first]) next++;
    printf(" %llu*%zu", (unsigned long long)counts[first], next - first);
    first = next;
  }
  printf("\n");
  length = 0;
}

void print_value(const char *name, long value) { printf("value %s %ld\n", name, value); }

void give_up(const char *file, int line, const char *condition) {
  printf("error %s:%d: %s (errno %s)\n", file, line, condition, strerror(errno));
  fflush(stdout);
  _Exit(1);
}
