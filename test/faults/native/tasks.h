/* SPDX-License-Identifier: MIT */
/* Every thread that is traced, and how often each place was passed. */
#pragma once

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "order.h"
#include "sites.h"

struct task {
  pid_t tid; /* 0: a free place. */
  enum role role;
  int parked;  /* It has stopped for the first time, and who made it has not been heard yet. */
  int in_call; /* Between the two stops of a call that is watched. */
  int error;   /* What the call is to answer; 0 for its own answer. */
  int made;
  unsigned occurrence;
  struct site site;
  uint64_t arguments[6];
};

#define MOST_TASKS 512
static struct task tasks[MOST_TASKS];

static struct task *find_task(pid_t tid) {
  for (int index = 0; index < MOST_TASKS; ++index) {
    if (tasks[index].tid == tid) return &tasks[index];
  }
  return NULL;
}

static struct task *add_task(pid_t tid) {
  struct task *task = find_task(0);
  if (task == NULL) abort();
  memset(task, 0, sizeof *task);
  task->tid = tid;
  return task;
}

struct count {
  char key[SITE_LENGTH * 2];
  unsigned count;
};
#define MOST_COUNTS 8192
static struct count counts[MOST_COUNTS];

/* The number of this call among those of its role, name and object; the first is 1. */
static unsigned count_call(enum role role, const struct site *site) {
  char key[sizeof counts->key];
  snprintf(key, sizeof key, "%d %s %s", role, site_name(site), site->about);
  uint32_t hash = 2166136261U;
  for (const char *cursor = key; *cursor != '\0'; ++cursor)
    hash = (hash ^ (unsigned char)*cursor) * 16777619U;
  for (uint32_t place = hash % MOST_COUNTS;; place = (place + 1) % MOST_COUNTS) {
    if (counts[place].count == 0) strcpy(counts[place].key, key);
    if (strcmp(counts[place].key, key) == 0) return ++counts[place].count;
  }
}
