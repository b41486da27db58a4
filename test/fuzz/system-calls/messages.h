/* SPDX-License-Identifier: MIT */
/* Messages with addresses and control messages. */
#pragma once

#include <linux/errqueue.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "options.h"

enum { CONTROL_ROOM = 1024, PIECES = 4 };

struct message {
  struct msghdr header;
  struct iovec pieces[PIECES];
  unsigned char address[ADDRESS_ROOM], payload[2048];
  _Alignas(struct cmsghdr) unsigned char control[CONTROL_ROOM];
};

static int random_send_flags(void) {
  static const int flags[] = {0,        0,       0,           MSG_FASTOPEN,  MSG_ZEROCOPY,
                              MSG_MORE, MSG_OOB, MSG_CONFIRM, MSG_DONTROUTE, MSG_EOR,
                              0x10};
  if (once_in(16)) return (int)random_bits();
  return PICK_FROM(flags) | PICK_FROM(flags) | MSG_NOSIGNAL | (once_in(4) ? 0 : MSG_DONTWAIT);
}

static size_t put_control(unsigned char *target, size_t room) {
  static const struct option kinds[] = {
      {SOL_SOCKET, SCM_RIGHTS},
      {SOL_SOCKET, SCM_RIGHTS},
      {SOL_SOCKET, SCM_CREDENTIALS},
      {SOL_SOCKET, SO_MARK},
      {SOL_SOCKET, 61},
      {SOL_SOCKET, SO_TIMESTAMPING},
      {SOL_IP, IP_PKTINFO},
      {SOL_IP, IP_RETOPTS},
      {SOL_IP, IP_TTL},
      {SOL_IP, 52},
      {SOL_IPV6, IPV6_PKTINFO},
      {SOL_IPV6, IPV6_RTHDR},
      {SOL_IPV6, IPV6_2292RTHDR},
      {SOL_IPV6, IPV6_HOPOPTS},
      {SOL_IPV6, IPV6_DSTOPTS},
      {17, 103},
      {132, 0},
      {132, 1},
  };
  const struct option kind = PICK_FROM(kinds);
  unsigned char body[OPTION_ROOM] = {0};
  size_t length = random_value(body) % 200;
  if (kind.level == SOL_SOCKET && kind.name == SCM_RIGHTS) {
    const int fds[2] = {any_descriptor(), any_descriptor()};
    memcpy(body, fds, length = 4 * (1 + pick(2)));
  } else if (kind.name == IPV6_RTHDR || kind.name == IPV6_2292RTHDR || kind.name == IP_RETOPTS) {
    length = put_route(body);
  } else if (kind.name == IPV6_PKTINFO && kind.level == SOL_IPV6) {
    inet_pton(AF_INET6, OWN_6, body);
    body[16] = (unsigned char)pick(4);
    length = 20;
  } else if (kind.name == IP_PKTINFO && kind.level == SOL_IP) {
    memset(body, 0, length = 12);
    body[0] = (unsigned char)pick(4);
  }
  if (CMSG_SPACE(length) > room) return 0;
  struct cmsghdr header = {
      .cmsg_len = CMSG_LEN(length), .cmsg_level = kind.level, .cmsg_type = kind.name};
  if (once_in(32)) header.cmsg_len = random_integer();
  memcpy(target, &header, sizeof header);
  memcpy(target + CMSG_LEN(0), body, length);
  return CMSG_SPACE(length);
}

/* `fd` is the socket that it is for, or -1. */
static void make_message(int fd, struct message *message) {
  memset(&message->header, 0, sizeof message->header);
  fill_random(message->payload, 64);
  for (unsigned index = 0; index < PIECES; ++index) {
    message->pieces[index] =
        (struct iovec){message->payload, pick(once_in(8) ? sizeof message->payload : 64)};
  }
  message->header.msg_iov = message->pieces;
  message->header.msg_iovlen = pick(PIECES + 1);
  if (!once_in(3)) {
    message->header.msg_name = message->address;
    message->header.msg_namelen = address_for(fd, message->address);
  }
  if (once_in(2)) {
    size_t used = 0;
    memset(message->control, 0, CONTROL_ROOM);
    for (unsigned left = 1 + pick(3); left > 0; --left)
      used += put_control(message->control + used, CONTROL_ROOM - used);
    message->header.msg_control = message->control;
    message->header.msg_controllen = used;
  }
}
