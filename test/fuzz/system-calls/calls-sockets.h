/* SPDX-License-Identifier: MIT */
/* The calls that are about sockets and nothing else. */
#pragma once

#include <linux/net.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>

#include "messages.h"
#include "record.h"

static int powerless; /* Without capabilities in the namespace, the attempt to configure an
                         interface is harmless. */

static void try_socket(void) {
  static const int families[] = {AF_INET, AF_INET,    AF_INET6,  AF_INET6, AF_UNIX, AF_UNIX,
                                 AF_UNIX, AF_NETLINK, AF_PACKET, AF_VSOCK, AF_ALG,  44,
                                 43,      30,         21,        29};
  static const int types[] = {SOCK_STREAM, SOCK_STREAM,    SOCK_DGRAM,  SOCK_DGRAM,
                              SOCK_RAW,    SOCK_SEQPACKET, SOCK_PACKET, SOCK_RDM};
  static const int protocols[] = {
      0,           0,   0,   IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMP, IPPROTO_ICMPV6,
      IPPROTO_RAW, 132, 136, 262,         0x0300};
  int family = once_in(16) ? (int)pick(50) : PICK_FROM(families);
  const int protocol =
      family == AF_NETLINK ? (powerless ? (int)pick(32) : 4) : PICK_FROM(protocols);
  keep(CALL(socket, 7, (uint64_t)family,
            (uint64_t)(PICK_FROM(types) | (once_in(4) ? 0 : SOCK_NONBLOCK)), (uint64_t)protocol));
}

static void try_socketpair(void) {
  static const int families[] = {AF_UNIX, AF_UNIX, AF_UNIX, AF_INET, 30};
  static const int types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET, SOCK_RAW};
  int ends[2] = {-1, -1};
  if (CALL(socketpair, 7, (uint64_t)PICK_FROM(families),
           (uint64_t)(PICK_FROM(types) | SOCK_NONBLOCK), 0, P(ends)) == 0) {
    keep(ends[0]);
    keep(ends[1]);
  }
}

static void try_bind(void) {
  unsigned char address[ADDRESS_ROOM];
  const int fd = any_descriptor();
  const socklen_t length = address_for(fd, address);
  CALL(bind, 5, (uint64_t)fd, P(address), length);
}

static void try_connect(void) {
  unsigned char address[ADDRESS_ROOM];
  const int fd = any_descriptor();
  const socklen_t length = address_for(fd, address);
  sa_family_t family;
  memcpy(&family, address, sizeof family);
  /* Dissolving what was connected before is lawful, and the end of that connection. */
  if (is_kept(fd) && family == AF_UNSPEC && !once_in(256)) return;
  CALL(connect, 5, (uint64_t)fd, P(address), length);
}

static void try_listen(void) { CALL(listen, 3, (uint64_t)any_descriptor(), random_integer()); }

static void try_accept4(void) {
  unsigned char address[ADDRESS_ROOM];
  socklen_t length = sizeof address;
  keep(CALL(accept4, 9, (uint64_t)any_descriptor(), once_in(2) ? 0 : P(address), P(&length),
            SOCK_NONBLOCK));
}

static void try_sendto(void) {
  unsigned char address[ADDRESS_ROOM], payload[128];
  const int fd = any_descriptor();
  const socklen_t length = address_for(fd, address);
  fill_random(payload, sizeof payload);
  const int addressed = !once_in(4);
  CALL(sendto, 0x29, (uint64_t)fd, P(payload), pick(sizeof payload), (uint64_t)random_send_flags(),
       addressed ? P(address) : 0, addressed ? length : 0);
}

static void try_sendmsg(void) {
  struct message message;
  const int fd = any_descriptor();
  make_message(fd, &message);
  CALL(sendmsg, 5, (uint64_t)fd, P(&message.header), (uint64_t)random_send_flags());
}

static void try_sendmmsg(void) {
  struct message messages[2];
  struct mmsghdr headers[2] = {0};
  const int fd = any_descriptor();
  for (unsigned index = 0; index < 2; ++index) {
    make_message(fd, &messages[index]);
    headers[index].msg_hdr = messages[index].header;
  }
  CALL(sendmmsg, 0xd, (uint64_t)fd, P(headers), pick(3), (uint64_t)random_send_flags());
}

/* Takes descriptors out of what was sent to itself. */
static void try_recvmsg(void) {
  struct message message;
  make_message(-1, &message);
  message.header.msg_control = message.control;
  message.header.msg_controllen = CONTROL_ROOM;
  if (CALL(recvmsg, 5, (uint64_t)any_descriptor(), P(&message.header),
           MSG_DONTWAIT | MSG_CMSG_CLOEXEC) < 0)
    return;
  for (struct cmsghdr *part = CMSG_FIRSTHDR(&message.header); part != NULL;
       part = CMSG_NXTHDR(&message.header, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    for (size_t at = CMSG_LEN(0); at + 4 <= part->cmsg_len; at += 4) {
      int fd;
      memcpy(&fd, (unsigned char *)part + at, sizeof fd);
      keep(fd);
    }
  }
}

static void try_setsockopt(void) {
  unsigned char value[OPTION_ROOM];
  int level, name;
  random_option(&level, &name);
  const socklen_t length = random_value(value);
  CALL(setsockopt, 0x17, (uint64_t)any_descriptor(), (uint64_t)level, (uint64_t)name,
       once_in(32) ? random_bits() : P(value), length);
}

static void try_getsockopt(void) {
  unsigned char value[OPTION_ROOM];
  socklen_t length = random_value(value);
  int level, name;
  random_option(&level, &name);
  if (CALL(getsockopt, 7, (uint64_t)any_descriptor(), (uint64_t)level, (uint64_t)name, P(value),
           P(&length)) != 0)
    return;
  /* SO_PEERPIDFD answers a descriptor, and so does SCTP's peeloff. */
  if ((level == SOL_SOCKET && name == 77) || level == 132) keep(*(int *)value);
}

static void try_getsockname(void) {
  unsigned char address[ADDRESS_ROOM];
  socklen_t length = sizeof address;
  CALL(getsockname, 1, (uint64_t)any_descriptor(), P(address), P(&length));
}

static void try_shutdown(void) {
  const int fd = any_descriptor();
  if (is_kept(fd) && !once_in(256)) return;
  CALL(shutdown, 3, (uint64_t)fd, pick(4));
}

/* An SIOCS request that succeeds makes frames in the kernel's name, so only who may not gets it. */
static void try_ioctl(void) {
  static const unsigned harmless[] = {
      FIONREAD,     SIOCOUTQ,    SIOCATMARK,  FIONBIO,      FIOASYNC, SIOCGIFNAME,
      SIOCGIFINDEX, SIOCGIFADDR, SIOCGIFCONF, SIOCGIFFLAGS, 0x89e0,   SIOCGSTAMP_OLD,
      0x5412,       0x400454ca,  0xc004743e,  0xaf01,       0x89e2};
  static const unsigned configuring[] = {SIOCSIFFLAGS, SIOCSIFADDR, SIOCADDRT,     SIOCSARP,
                                         SIOCBRADDBR,  SIOCETHTOOL, SIOCSIFTXQLEN, SIOCADDMULTI};
  unsigned char value[OPTION_ROOM];
  random_value(value);
  const int named = once_in(2);
  if (named) strcpy((char *)value, once_in(2) ? WIRE : "lo");
  const unsigned request = powerless && once_in(4) ? PICK_FROM(configuring) : PICK_FROM(harmless);
  const long answer = CALL(ioctl, 3, (uint64_t)any_descriptor(), request, P(value));
  if (request == 0x89e0) keep(answer); /* SIOCUNIXFILE */
}
