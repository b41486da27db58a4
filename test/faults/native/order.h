/* SPDX-License-Identifier: MIT */
/* What the injector is asked to do, from its command line. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control.h"

/* Who makes a call: the thread that called disableNetwork(), a task that it made meanwhile, or
 * another thread of the process in the handler of a signal that it sent. */
enum role { ROLE_OTHER, ROLE_CALLER, ROLE_CHILD, ROLE_HANDLER };
static const char *const role_names[] = {"other", "caller", "child", "thread"};

struct fault {
  enum role role;
  const char *call, *about;
  unsigned occurrence;
  int error;
  int onwards; /* This occurrence and every later one. */
  int made;    /* The call is made, and fails all the same: close() lets go of its descriptor. */
};

struct disturbance {
  int command; /* enum command, or one of those below. */
  unsigned step;
};
#define DISTURBANCE_STOP 100 /* SIGSTOP for the process, and SIGCONT. */

struct order {
  int report;                    /* A descriptor. */
  int recording;                 /* Every call that could fail is listed. */
  int window_limit, total_limit; /* Milliseconds. */
  int has_fault, has_disturbance;
  struct fault fault;
  struct disturbance disturbance;
  char **command;
};

static void usage(void) {
  fprintf(stderr,
          "usage: inject REPORT-FD WINDOW-LIMIT TOTAL-LIMIT\n"
          "              [record | fault ROLE CALL ABOUT OCCURRENCE ERRNO ONWARDS MADE |\n"
          "               disturb COMMAND STEP | nothing] -- PROGRAM...\n");
  exit(2);
}

static enum role read_role(const char *text) {
  for (int role = ROLE_CALLER; role <= ROLE_HANDLER; ++role) {
    if (strcmp(text, role_names[role]) == 0) return (enum role)role;
  }
  usage();
  return ROLE_OTHER;
}

static struct order read_order(int count, char **words) {
  struct order order = {0};
  if (count < 6) usage();
  order.report = atoi(words[1]);
  order.window_limit = atoi(words[2]);
  order.total_limit = atoi(words[3]);
  int next = 5;
  if (strcmp(words[4], "record") == 0) {
    order.recording = 1;
  } else if (strcmp(words[4], "fault") == 0 && count > 12) {
    order.has_fault = 1;
    order.fault = (struct fault){read_role(words[5]),      words[6],       words[7],
                                 (unsigned)atoi(words[8]), atoi(words[9]), atoi(words[10]),
                                 atoi(words[11])};
    next = 12;
  } else if (strcmp(words[4], "disturb") == 0 && count > 7) {
    order.has_disturbance = 1;
    order.disturbance = (struct disturbance){atoi(words[5]), (unsigned)atoi(words[6])};
    next = 7;
  } else if (strcmp(words[4], "nothing") != 0) {
    usage();
  }
  if (next + 1 >= count || strcmp(words[next], "--") != 0) usage();
  order.command = words + next + 1;
  return order;
}
