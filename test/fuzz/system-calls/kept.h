/* SPDX-License-Identifier: MIT */
/* The sockets that the fuzzer is given: made before the drop, from FIRST_KEPT on. */
#pragma once

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "descriptors.h"
#include "namespaces.h"

enum mode { MODE_FRESH, MODE_UNCONNECTED, MODE_CONNECTED, MODES };

static const char *const mode_names[] = {"fresh", "unconnected", "connected"};

static socklen_t address_of(int family, const char *four, const char *six, uint16_t port,
                            struct sockaddr_storage *target) {
  memset(target, 0, sizeof *target);
  if (family == AF_INET) {
    struct sockaddr_in *address = (void *)target;
    *address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, four, &address->sin_addr);
    return sizeof *address;
  }
  struct sockaddr_in6 *address = (void *)target;
  *address = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons(port)};
  inet_pton(AF_INET6, six, &address->sin6_addr);
  return sizeof *address;
}

/* Where they are until the fuzzer gets them. */
static int kept_sources[FIRST_FREE];

/* A family that the kernel lacks has no place. */
static int make_kept(int family, int type, int protocol) {
  const int fd = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
  if (fd < 0) return -1;
  if (kept_last + 1 >= FIRST_FREE) give_up("there are too many sockets");
  return kept_sources[++kept_last] = fd;
}

/* In the process that becomes the fuzzer, which has no use for what is there. */
static void place_kept(int memory) {
  for (int fd = FIRST_KEPT; fd <= kept_last; ++fd) {
    kept_sources[fd] = fcntl(kept_sources[fd], F_DUPFD_CLOEXEC, 300);
    if (kept_sources[fd] < 0) give_up("cannot move a socket");
  }
  if (dup2(memory, RECORD_DESCRIPTOR) < 0) give_up("cannot place the memory");
  for (int fd = FIRST_KEPT; fd <= kept_last; ++fd) {
    if (dup2(kept_sources[fd], fd) < 0) give_up("cannot place a socket");
  }
}

static void close_kept(void) {
  for (int fd = FIRST_KEPT; fd <= kept_last; ++fd) close(kept_sources[fd]);
}

static void connect_kept(int family, int type, struct lawful *lawful) {
  struct sockaddr_storage address;
  const socklen_t length = address_of(family, PEER_4, PEER_6, PEER_PORT, &address);
  const int fd = make_kept(family, type, 0), flags = fcntl(fd, F_GETFL);
  fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
  if (connect(fd, (const void *)&address, length) != 0) give_up("cannot connect to the peer");
  fcntl(fd, F_SETFL, flags);
  socklen_t room = sizeof address;
  if (getsockname(fd, (void *)&address, &room) != 0) give_up("a connection has no name");
  /* The port stands at the same place in both families. */
  lawful->flows[lawful->many].protocol = type == SOCK_STREAM ? 6 : 17;
  lawful->flows[lawful->many++].port = ntohs(((struct sockaddr_in *)&address)->sin_port);
}

static void listen_kept(int family, int mapped) {
  struct sockaddr_storage address;
  const socklen_t length = address_of(family, OWN_4, mapped ? "::" : OWN_6, 0, &address);
  const int fd = make_kept(family, SOCK_STREAM, 0);
  if (bind(fd, (const void *)&address, length) != 0 || listen(fd, 16) != 0)
    give_up("cannot listen");
}

/* `everything` for a provider that guards what exists: each kind that needs no address to be kept.
 */
static void make_all_kept(enum mode mode, int everything, struct lawful *lawful) {
  static const int families[] = {AF_INET, AF_INET6};
  for (unsigned place = 0; place < 2 && mode != MODE_FRESH; ++place) {
    const int family = families[place];
    for (unsigned left = mode == MODE_CONNECTED ? 8 : 4; left > 0; --left) {
      if (mode == MODE_CONNECTED)
        connect_kept(family, SOCK_STREAM, lawful);
      else
        make_kept(family, SOCK_STREAM, 0);
    }
    if (mode == MODE_UNCONNECTED) listen_kept(family, place);
    if (!everything) continue;
    for (unsigned left = 3; left > 0; --left) {
      if (mode == MODE_CONNECTED)
        connect_kept(family, SOCK_DGRAM, lawful);
      else
        make_kept(family, SOCK_DGRAM, 0);
    }
    if (mode == MODE_CONNECTED) continue;
    make_kept(family, SOCK_STREAM, 262); /* MPTCP */
    make_kept(family, SOCK_STREAM, 132); /* SCTP */
    make_kept(family, SOCK_SEQPACKET, 132);
    make_kept(family, SOCK_RAW, IPPROTO_RAW);
    make_kept(family, SOCK_RAW, family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6);
    make_kept(family, SOCK_DGRAM, family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6);
  }
  if (everything && mode == MODE_UNCONNECTED) {
    make_kept(AF_PACKET, SOCK_RAW, 0);
    make_kept(AF_PACKET, SOCK_DGRAM, htons(ETH_P_ALL));
    make_kept(AF_VSOCK, SOCK_STREAM, 0);
  }
}
