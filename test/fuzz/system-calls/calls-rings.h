/* SPDX-License-Identifier: MIT */
/* io_uring and the older asynchronous interface: requests without a system call of their own. */
#pragma once

#include <linux/aio_abi.h>
#include <linux/io_uring.h>
#include <sys/mman.h>

#include "messages.h"
#include "record.h"

/* A thread of the kernel that polls a ring outlives the control by minutes if it has work left. */
static int polls_rings;

enum { RING_ENTRIES = 8, RING_BYTES = 8192 };

struct ring {
  int fd;
  unsigned char *queues;
  struct io_uring_sqe *requests;
  struct io_uring_params params;
};

static __thread struct ring ring = {.fd = -1};

/* Buffers of requests that a worker of the kernel may still use after the call. */
static struct message ring_messages[RING_ENTRIES];

static void try_io_uring_setup(void) {
  struct io_uring_params params = {0};
  if (once_in(4)) params.flags = (uint32_t)random_bits() & (once_in(2) ? 0x3 : 0x3fff);
  if (!polls_rings) params.flags &= ~(uint32_t)IORING_SETUP_SQPOLL;
  const int fd = keep(CALL(io_uring_setup, 1, once_in(4) ? pick(64) : RING_ENTRIES, P(&params)));
  if (fd < 0) return;
  if (params.flags > 0x3f || params.sq_entries < RING_ENTRIES) return; /* Other layouts. */
  unsigned char *queues =
      mmap(NULL, RING_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, IORING_OFF_SQ_RING);
  void *requests = mmap(NULL, params.sq_entries * sizeof(struct io_uring_sqe),
                        PROT_READ | PROT_WRITE, MAP_SHARED, fd, IORING_OFF_SQES);
  if (queues == MAP_FAILED || requests == MAP_FAILED || ring.fd >= 0) return;
  ring = (struct ring){fcntl(fd, F_DUPFD_CLOEXEC, FIRST_FREE), queues, requests, params};
}

enum { SEND_ZC = 47, SENDMSG_ZC = 48, BIND = 56, LISTEN = 57 };

static int is_stream(int fd) {
  int type = 0;
  socklen_t length = sizeof type;
  return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0 && type == SOCK_STREAM;
}

static void make_request(struct io_uring_sqe *request, struct message *message) {
  static const unsigned char operations[] = {IORING_OP_SENDMSG,
                                             IORING_OP_SENDMSG,
                                             IORING_OP_CONNECT,
                                             IORING_OP_SEND,
                                             IORING_OP_ACCEPT,
                                             IORING_OP_SOCKET,
                                             IORING_OP_WRITE,
                                             IORING_OP_WRITEV,
                                             IORING_OP_SPLICE,
                                             IORING_OP_RECVMSG,
                                             IORING_OP_NOP,
                                             IORING_OP_SHUTDOWN,
                                             SEND_ZC,
                                             SENDMSG_ZC,
                                             BIND,
                                             LISTEN};
  const int fd = any_descriptor();
  make_message(fd, message);
  *request =
      (struct io_uring_sqe){.opcode = PICK_FROM(operations), .fd = fd, .user_data = random_bits()};
  if (once_in(4)) request->flags = (unsigned char)(random_bits() & 0x3c);
  if (request->opcode == IORING_OP_SHUTDOWN && is_kept(request->fd))
    request->opcode = IORING_OP_NOP;
  /* A ring ends no sooner than the last byte that it sent without a copy. On a connection that is
   * cut off, that takes TCP a quarter of an hour, in which nothing ends the process: seen on
   * Linux 6.18, where the thread of a polled ring spins that long. */
  const int without_copy = request->opcode == SEND_ZC || request->opcode == SENDMSG_ZC;
  if (without_copy && is_stream(fd)) request->opcode = IORING_OP_SEND;
  const int of_message = request->opcode == IORING_OP_SENDMSG ||
                         request->opcode == IORING_OP_RECVMSG || request->opcode == SENDMSG_ZC;
  request->addr = of_message ? P(&message->header) : P(message->payload);
  request->len = of_message ? 1 : pick(64);
  request->msg_flags = (uint32_t)random_send_flags();
  switch (request->opcode) {
    case IORING_OP_CONNECT:
    case BIND:
      request->addr = P(message->address);
      request->addr2 =
          address_for(fd, message->address); /* Its length is where an offset would be. */
      break;
    case IORING_OP_SOCKET:
      request->fd = once_in(2) ? AF_INET : AF_INET6;
      request->off = 1 + pick(3);
      request->len = 0;
      request->rw_flags = 0;
      break;
    case IORING_OP_SEND:
    case SEND_ZC:
      request->addr2 = P(message->address);
      request->addr_len = (uint16_t)address_for(fd, message->address);
      break;
    case IORING_OP_WRITEV:
      request->addr = P(message->pieces);
      request->len = PIECES;
      break;
    default:
      break;
  }
}

/* Takes the descriptors that a ring made; any small number of an answer may be one. */
static void take_answers(void) {
  volatile unsigned *head = (volatile unsigned *)(ring.queues + ring.params.cq_off.head);
  const unsigned tail =
      __atomic_load_n((unsigned *)(ring.queues + ring.params.cq_off.tail), __ATOMIC_ACQUIRE);
  const struct io_uring_cqe *answers = (const void *)(ring.queues + ring.params.cq_off.cqes);
  for (unsigned index = *head; index != tail; ++index) {
    const int answer = answers[index % ring.params.cq_entries].res;
    if (answer > kept_last && answer < FIRST_FREE && fcntl(answer, F_GETFD) >= 0) keep(answer);
  }
  *head = tail;
}

static void try_io_uring_enter(void) {
  if (ring.fd < 0) {
    CALL(io_uring_enter, 0xf, (uint64_t)any_descriptor(), pick(4), pick(2), random_integer() & 0x3f,
         0, 8);
    return;
  }
  unsigned *tail = (unsigned *)(ring.queues + ring.params.sq_off.tail);
  unsigned *places = (unsigned *)(ring.queues + ring.params.sq_off.array);
  const unsigned many = 1 + pick(3);
  for (unsigned index = 0; index < many; ++index) {
    const unsigned place = (*tail + index) % RING_ENTRIES;
    make_request(&ring.requests[place], &ring_messages[place]);
    places[place] = place;
  }
  __atomic_store_n(tail, *tail + many, __ATOMIC_RELEASE);
  CALL(io_uring_enter, 0xf, (uint64_t)ring.fd, many, 0, 1 | (once_in(4) ? 2 : 0), 0, 8);
  take_answers();
}

static void try_io_uring_register(void) {
  int fds[4] = {any_descriptor(), any_descriptor(), any_descriptor(), any_descriptor()};
  const int fd = ring.fd >= 0 && !once_in(4) ? ring.fd : any_descriptor();
  CALL(io_uring_register, 0xb, (uint64_t)fd, once_in(2) ? pick(34) : 2 + 7 * pick(2), P(fds),
       pick(5));
}

static __thread aio_context_t context;

static void try_io_setup(void) {
  if (context == 0) CALL(io_setup, 1, 4, P(&context));
}

static void try_io_submit(void) {
  static const uint16_t operations[] = {IOCB_CMD_PREAD, IOCB_CMD_PWRITE, IOCB_CMD_PWRITE,
                                        IOCB_CMD_POLL,  IOCB_CMD_PREADV, IOCB_CMD_PWRITEV};
  struct message message;
  make_message(-1, &message);
  struct iocb request = {.aio_lio_opcode = PICK_FROM(operations),
                         .aio_fildes = (uint32_t)any_descriptor()};
  struct iocb *list[] = {&request};
  const int in_pieces = request.aio_lio_opcode >= IOCB_CMD_PREADV;
  request.aio_buf = in_pieces ? P(message.pieces) : P(message.payload);
  request.aio_nbytes = in_pieces ? PIECES : pick(64);
  if (request.aio_lio_opcode == IOCB_CMD_POLL) request.aio_buf = 0x7f;
  CALL(io_submit, 0, context, 1, P(list));
}

static void try_io_getevents(void) {
  struct io_event events[4];
  struct timespec none = {0, 0};
  CALL(io_getevents, 0, context, 0, 4, P(events), P(&none));
}
