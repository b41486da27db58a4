/* SPDX-License-Identifier: MIT */
/* Every way to move bytes or descriptors from one descriptor to another. */
#pragma once

#include <poll.h>
#include <sys/epoll.h>

#include "messages.h"
#include "record.h"

static void try_write(void) {
  unsigned char payload[256];
  fill_random(payload, sizeof payload);
  payload[0] = 0x45; /* On a raw socket this begins a header of IPv4. */
  CALL(write, 1, (uint64_t)any_descriptor(), P(payload), pick(sizeof payload));
}

static void try_writev(void) {
  struct message message;
  make_message(-1, &message);
  CALL(writev, 1, (uint64_t)any_descriptor(), P(message.pieces), pick(PIECES + 1));
}

static void try_read(void) {
  unsigned char payload[4096];
  CALL(read, 1, (uint64_t)any_descriptor(), P(payload), pick(sizeof payload));
}

static void try_splice(void) {
  CALL(splice, 0x25, (uint64_t)any_descriptor(), 0, (uint64_t)any_descriptor(), 0, pick(8192),
       pick(16) | 2);
}

static void try_vmsplice(void) {
  struct message message;
  make_message(-1, &message);
  CALL(vmsplice, 9, (uint64_t)any_descriptor(), P(message.pieces), pick(PIECES + 1), 2);
}

static void try_tee(void) {
  CALL(tee, 0xb, (uint64_t)any_descriptor(), (uint64_t)any_descriptor(), pick(8192), 2);
}

static void try_sendfile(void) {
  uint64_t offset = 0;
  CALL(sendfile, 3, (uint64_t)any_descriptor(), (uint64_t)any_descriptor(), P(&offset), pick(8192));
}

static void try_dup3(void) {
  CALL(dup3, 7, (uint64_t)any_descriptor(), (uint64_t)(FIRST_FREE + (int)pick(200)),
       once_in(2) ? O_CLOEXEC : 0);
}

/* No signal may go to a process that the fuzzer did not make: an owner is this process or nobody.
 */
static void try_fcntl(void) {
  static const int commands[] = {F_DUPFD, F_GETFD,  F_SETFD,      F_GETFL,
                                 F_SETFL, F_SETOWN, F_GETPIPE_SZ, F_ADD_SEALS};
  const int command = PICK_FROM(commands);
  uint64_t value = random_integer();
  if (command == F_DUPFD) value = FIRST_FREE;
  if (command == F_SETOWN) value = once_in(2) ? (uint64_t)getpid() : 0;
  if (command == F_SETFL) value = once_in(4) ? 0 : O_NONBLOCK;
  const long answer = CALL(fcntl, 3, (uint64_t)any_descriptor(), (uint64_t)command, value);
  if (command == F_DUPFD) keep(answer);
}

static void try_close(void) {
  if (pool_size < 8) return;
  const unsigned place = pick(pool_size);
  CALL(close, 1, (uint64_t)pool[place]);
  pool[place] = pool[--pool_size];
}

static void try_close_range(void) {
  const unsigned first = FIRST_FREE + pick(400);
  CALL(close_range, 7, first, first + pick(4), once_in(2) ? 4 : 0);
}

static void try_epoll_ctl(void) {
  struct epoll_event event = {.events = (uint32_t)random_bits()};
  static __thread int epoll = -1;
  if (epoll < 0 || once_in(64)) epoll = keep(epoll_create1(EPOLL_CLOEXEC));
  CALL(epoll_ctl, 7, (uint64_t)epoll, 1 + pick(3), (uint64_t)any_descriptor(), P(&event));
}

static void try_poll(void) {
  struct pollfd waits[2] = {{any_descriptor(), 0x7f, 0}, {any_descriptor(), 0x7f, 0}};
  CALL(poll, 6, P(waits), 2, pick(2));
}

static void try_memfd_create(void) { keep(CALL(memfd_create, 2, P("fuzz"), pick(4))); }

static void try_pipe2(void) {
  int ends[2];
  if (CALL(pipe2, 2, P(ends), O_NONBLOCK) != 0) return;
  keep(ends[0]);
  keep(ends[1]);
}
