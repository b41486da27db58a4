/* SPDX-License-Identifier: MIT */
/* The descriptors that a worker plays with. Below FIRST_FREE is what must stay as it is. What is
 * handed down has the lowest numbers without a gap, or the command that drops could not tell it
 * from its own. */
#pragma once

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "random.h"

enum { RECORD_DESCRIPTOR = 3, FIRST_KEPT = 4, FIRST_FREE = 64, POOL = 96 };

static int pool[POOL];
static unsigned pool_size;
static int kept_last = FIRST_KEPT - 1; /* The last socket that was made before. */

static int count_kept(void) { return kept_last - FIRST_KEPT + 1; }
static int is_kept(int fd) { return fd >= FIRST_KEPT && fd <= kept_last; }

/* Takes a new descriptor into the pool, where a full pool gives one up, and answers its number
 * there. */
static int keep(long fd) {
  if (fd <= RECORD_DESCRIPTOR || fd > 1023) return -1; /* What a call answers may be a length. */
  if (fd < FIRST_FREE) {
    const int moved = fcntl((int)fd, F_DUPFD_CLOEXEC, FIRST_FREE);
    if (!is_kept((int)fd)) close((int)fd);
    if (moved < 0) return -1;
    fd = moved;
  }
  if (pool_size < POOL) {
    pool[pool_size++] = (int)fd;
    return (int)fd;
  }
  const unsigned place = pick(POOL);
  close(pool[place]);
  return pool[place] = (int)fd;
}

/* Half of the time one that was made before the drop, if there is any. */
static int any_descriptor(void) {
  if (count_kept() > 0 && once_in(2)) return FIRST_KEPT + (int)pick((unsigned)count_kept());
  if (pool_size == 0 || once_in(64)) return (int)pick(3) == 0 ? -100 : 1000 + (int)pick(50);
  return pool[pick(pool_size)];
}

static int pool_descriptor(void) { return pool_size == 0 ? -1 : pool[pick(pool_size)]; }

/* Something to read from or write to that is no socket. */
static void make_files(void) {
  int ends[2];
  unsigned char content[256];
  const int file = (int)syscall(SYS_memfd_create, "fuzz", 0);
  fill_random(content, sizeof content);
  if (file >= 0 && write(file, content, sizeof content) > 0) (void)lseek(file, 0, SEEK_SET);
  keep(file);
  if (pipe2(ends, O_NONBLOCK) == 0) {
    if (write(ends[1], content, sizeof content) < 0) { /* Empty, then. */
    }
    keep(ends[0]);
    keep(ends[1]);
  }
}
