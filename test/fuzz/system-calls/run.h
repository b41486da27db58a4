/* SPDX-License-Identifier: MIT */
/* One run of the fuzzer in its box, with the wire under observation from its first moment to the
 * last frame that it left behind. */
#pragma once

#include <sys/mman.h>
#include <time.h>

#include "box.h"
#include "worker.h"

struct result {
  struct observer observers[2];
  uint64_t sent; /* By the interfaces' own count. */
  int status, known_packet_seen, stuck;
  struct record record;
};

static struct result run_box(struct observer observers[2], struct box *box,
                             const struct order *order, int is_restricted, const char *self,
                             int by_prctl) {
  static char texts[11][32];
  struct result result = {.observers = {observers[0], observers[1]}};
  struct lawful lawful = {0};
  const int memory = (int)syscall(SYS_memfd_create, "record", 1 /* MFD_CLOEXEC */);
  if (memory < 0 || ftruncate(memory, sizeof(struct record)) != 0) give_up("cannot make memory");
  struct record *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
  if (shared == MAP_FAILED) give_up("cannot map memory");
  const uint64_t before = count_sent();

  kept_last = FIRST_KEPT - 1;
  make_all_kept(box->mode, box->everything, &lawful);
  snprintf(texts[0], 32, "%lu", order->seed);
  snprintf(texts[1], 32, "%lu", order->generation);
  snprintf(texts[2], 32, "%lu", order->generations);
  snprintf(texts[3], 32, "%f", order->seconds);
  snprintf(texts[4], 32, "%u", order->calls);
  snprintf(texts[5], 32, "%d", kept_last);
  snprintf(texts[6], 32, "%d", is_restricted);
  snprintf(texts[7], 32, "%d", box->drops_capabilities);
  snprintf(texts[10], 32, "%f", order->patience);
  snprintf(texts[8], 32, "%d", by_prctl);
  char *arguments[64];
  unsigned many = 0;
  for (char **word = box->command; word != NULL && *word != NULL && many < 40; ++word)
    arguments[many++] = *word;
  arguments[many++] = (char *)self;
  arguments[many++] = "--inside";
  for (unsigned index = 0; index < 11; ++index) arguments[many++] = texts[index];
  arguments[many] = NULL;

  const pid_t first = (pid_t)syscall(SYS_clone, CLONE_NEWPID | CLONE_NEWNS | SIGCHLD, 0, 0, 0, 0);
  if (first == 0) be_first(box, arguments, texts[9], memory);
  if (first < 0) give_up("cannot make a pid namespace");
  /* The fuzzer has its own. */
  close_kept();
  close(memory);
  const double start = now();
  double quiet_since = 0, end = 0;
  for (int running = 1;;) {
    const uint64_t seen = result.observers[0].frames + result.observers[1].frames;
    struct pollfd waits[2] = {{result.observers[0].fd, POLLIN, 0},
                              {result.observers[1].fd, POLLIN, 0}};
    (void)poll(waits, 2, 50);
    for (int end = 0; end < 2; ++end)
      observe(&result.observers[end], &lawful, shared->generation, end);
    if (running && waitpid(first, &result.status, WNOHANG) == first) {
      running = 0;
      quiet_since = end = now();
    }
    if (running && now() - start > order->seconds + 60) {
      result.stuck = 1;
      kill(first, SIGKILL);
      break;
    }
    if (result.observers[0].frames + result.observers[1].frames != seen) quiet_since = now();
    /* A connection that is dead may send once more, later and later: five seconds show enough. */
    if (!running && (now() - quiet_since > 1 || now() - end > 5)) break;
  }
  result.sent = count_sent() - before;
  result.record = *shared;
  munmap(shared, sizeof *shared);
  return result;
}

/* The other end of `arguments` above. */
static int run_inside(char **texts) {
  const struct order order = {strtoull(texts[0], NULL, 10), strtoull(texts[1], NULL, 10),
                              strtoull(texts[2], NULL, 10), atof(texts[3]),
                              (unsigned)atoi(texts[4]),     atof(texts[10])};
  kept_last = atoi(texts[5]);
  restricted = atoi(texts[6]);
  powerless = atoi(texts[7]);
  polls_rings = restricted;
  sibling = atoi(texts[9]);
  record = mmap(NULL, sizeof *record, PROT_READ | PROT_WRITE, MAP_SHARED, RECORD_DESCRIPTOR, 0);
  if (record == MAP_FAILED) give_up("the memory did not come along");
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct has[2] = {0};
  if (powerless &&
      (syscall(SYS_capget, &header, has) != 0 || (has[0].effective | has[0].permitted) != 0)) {
    give_up("the capabilities are still there");
  }
  close(RECORD_DESCRIPTOR); /* Or pidfd_getfd() finds it. */
  for (int fd = FIRST_KEPT; fd <= kept_last; ++fd) {
    if (fcntl(fd, F_GETFD) < 0) give_up("socket %d did not come along", fd);
  }
  if (atoi(texts[8]) && (prctl(PR_SET_NOSUID, 1, 0, 0, 0) != 0 ||
                         prctl(PR_SET_NETWORK, PR_NETWORK_OFF, 0, 0, 0) != 0)) {
    give_up("prctl(PR_SET_NETWORK) failed: is this the kernel with the patch?");
  }
  /* No worker shall write into the report. And no call shall get a number that means something
   * else. */
  for (int fd = 0; fd <= RECORD_DESCRIPTOR; ++fd) {
    const int nowhere = open("/dev/null", O_RDWR);
    if (nowhere < 0 || (nowhere != fd && dup2(nowhere, fd) < 0)) give_up("cannot open /dev/null");
    if (nowhere != fd) close(nowhere);
  }
  fuzz(&order);
  return 0;
}
