/* SPDX-License-Identifier: MIT */
/* Levels and options that exist, and values of the shapes that they take. */
#pragma once

#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "addresses.h"
#include "descriptors.h"

enum { OPTION_ROOM = 512 };

struct option {
  int level, name;
};

/* What has a history of sending packets or of aiming a socket anew. */
static const struct option sharp_options[] = {
    {SOL_SOCKET, SO_BINDTODEVICE},
    {SOL_SOCKET, 62},
    {SOL_SOCKET, SO_MARK},
    {SOL_SOCKET, SO_DONTROUTE},
    {SOL_SOCKET, SO_BROADCAST},
    {SOL_SOCKET, 60},
    {SOL_SOCKET, 61},
    {SOL_SOCKET, SO_ATTACH_FILTER},
    {SOL_SOCKET, SO_REUSEPORT},
    {SOL_SOCKET, SO_KEEPALIVE},
    {SOL_SOCKET, SO_LINGER},
    {SOL_IP, IP_OPTIONS},
    {SOL_IP, IP_ADD_MEMBERSHIP},
    {SOL_IP, IP_ADD_SOURCE_MEMBERSHIP},
    {SOL_IP, IP_MSFILTER},
    {SOL_IP, MCAST_JOIN_GROUP},
    {SOL_IP, MCAST_JOIN_SOURCE_GROUP},
    {SOL_IP, MCAST_MSFILTER},
    {SOL_IP, IP_HDRINCL},
    {SOL_IP, IP_TRANSPARENT},
    {SOL_IP, IP_FREEBIND},
    {SOL_IP, IP_MULTICAST_IF},
    {SOL_IP, IP_UNICAST_IF},
    {SOL_IP, IP_PKTINFO},
    {SOL_IP, 50},
    {SOL_IPV6, IPV6_RTHDR},
    {SOL_IPV6, IPV6_2292RTHDR},
    {SOL_IPV6, IPV6_2292PKTOPTIONS},
    {SOL_IPV6, IPV6_ADDRFORM},
    {SOL_IPV6, IPV6_JOIN_GROUP},
    {SOL_IPV6, IPV6_JOIN_ANYCAST},
    {SOL_IPV6, MCAST_JOIN_GROUP},
    {SOL_IPV6, MCAST_JOIN_SOURCE_GROUP},
    {SOL_IPV6, MCAST_MSFILTER},
    {SOL_IPV6, IPV6_PKTINFO},
    {SOL_IPV6, IPV6_HOPOPTS},
    {SOL_IPV6, IPV6_DSTOPTS},
    {SOL_IPV6, IPV6_RTHDRDSTOPTS},
    {SOL_IPV6, IPV6_UNICAST_IF},
    {SOL_IPV6, IPV6_NEXTHOP},
    {SOL_IPV6, IPV6_V6ONLY},
    {SOL_IPV6, IPV6_MULTICAST_IF},
    {SOL_TCP, 30},
    {SOL_TCP, 31},
    {SOL_TCP, TCP_REPAIR},
    {SOL_TCP, TCP_FASTOPEN},
    {SOL_TCP, TCP_NODELAY},
    {SOL_TCP, TCP_CORK},
    {SOL_TCP, TCP_DEFER_ACCEPT},
    {SOL_TCP, TCP_KEEPIDLE},
    {SOL_TCP, TCP_KEEPINTVL},
    {SOL_TCP, TCP_USER_TIMEOUT},
    {SOL_TCP, TCP_MD5SIG},
    {SOL_TCP, 33},
    {SOL_TCP, 34},
    {284, 1},
    {282, 1},
    {282, 2},
    {132, 100},
    {132, 107},
    {132, 110},
    {132, 111},
    {279, 1},
    {263, 1},
    {263, 3},
};

static void random_option(int *level, int *name) {
  static const int levels[] = {SOL_SOCKET, SOL_IP, SOL_IPV6, SOL_TCP, 17,  58,  132, 136,
                               255,        263,    270,      279,     280, 282, 283, 284};
  const struct option sharp = PICK_FROM(sharp_options);
  *level = sharp.level;
  *name = sharp.name;
  if (once_in(2)) {
    *level = once_in(32) ? (int)random_integer() : PICK_FROM(levels);
    *name = once_in(32) ? (int)random_integer() : (int)pick(132);
  }
}

static socklen_t put_group(unsigned char *value) {
  struct group_source_req request = {.gsr_interface = pick(4)};
  if (once_in(2)) {
    internet_address(&request.gsr_group);
    internet_address(&request.gsr_source);
  } else {
    internet6_address(&request.gsr_group);
    internet6_address(&request.gsr_source);
  }
  memcpy(value, &request, sizeof request);
  return once_in(2) ? sizeof request : sizeof(struct group_req);
}

static socklen_t put_membership(unsigned char *value) {
  struct ip_mreqn four = {.imr_ifindex = (int)pick(4)};
  struct ipv6_mreq six = {.ipv6mr_interface = pick(4)};
  inet_pton(AF_INET, once_in(2) ? "239.1.2.3" : "224.0.0.251", &four.imr_multiaddr);
  inet_pton(AF_INET6, once_in(2) ? "ff02::fb" : "ff05::2", &six.ipv6mr_multiaddr);
  if (once_in(2)) inet_pton(AF_INET, OWN_4, &four.imr_address);
  if (once_in(2)) {
    memcpy(value, &four, sizeof four);
    return once_in(2) ? sizeof four : 8;
  }
  memcpy(value, &six, sizeof six);
  return sizeof six;
}

/* Source routes: type 4 with the last segment, type 0 and 2, and a loose route of IPv4. */
static socklen_t put_route(unsigned char *value) {
  static const unsigned char loose[] = {0x83, 7, 4, 10, 77, 0, 99, 0};
  if (once_in(3)) {
    memcpy(value, loose, sizeof loose);
    return sizeof loose;
  }
  memset(value, 0, 40);
  value[1] = 4; /* In units of 8 bytes: two addresses. */
  value[2] = (unsigned char[]){4, 4, 2, 0}[pick(4)];
  value[3] = value[4] = 1;
  inet_pton(AF_INET6, once_in(2) ? "fd77::99" : PEER_6, value + 8);
  inet_pton(AF_INET6, "fd77::98", value + 24);
  return once_in(2) ? 40 : 24;
}

static socklen_t random_value(unsigned char *value) {
  static const char *const names[] = {"lo",       WIRE,    "smc",   "tls",
                                      "espintcp", "mptcp", "cubic", "reno"};
  static struct sock_filter everything[] = {{BPF_RET | BPF_K, 0, 0, 0xffff}};
  const struct sock_fprog program = {1, everything};
  const uint64_t number = random_integer();
  memset(value, 0, OPTION_ROOM);
  switch (pick(9)) {
    case 0:
      return put_group(value);
    case 1:
      return put_membership(value);
    case 2:
      return put_route(value);
    case 3:
      return (socklen_t)strlen(strcpy((char *)value, PICK_FROM(names))) + 1;
    case 4:
      memcpy(value, &program, sizeof program);
      return sizeof program;
    case 5:
      return any_address(value);
    case 6:
      fill_random(value, OPTION_ROOM);
      return pick(OPTION_ROOM);
    default:
      memcpy(value, &number, sizeof number);
      return once_in(8) ? 8 : 4;
  }
}
