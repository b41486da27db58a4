/* SPDX-License-Identifier: MIT */
/* Socket addresses that mean something in the namespace, and some that do not. */
#pragma once

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/vm_sockets.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "network.h"
#include "random.h"

enum { ADDRESS_ROOM = 128 };

static uint16_t random_port(void) {
  static const uint16_t ports[] = {0, 7, 53, 80, PEER_PORT, PEER_PORT, PEER_PORT + 1, 65535};
  return htons(once_in(4) ? (uint16_t)random_bits() : PICK_FROM(ports));
}

static socklen_t internet_address(void *target) {
  static const char *const hosts[] = {
      PEER_4,        OWN_4,         "127.0.0.1",       "127.255.0.9",
      "10.77.0.99",  "10.77.0.255", "255.255.255.255", "224.0.0.1",
      "224.0.0.251", "239.1.2.3",   "8.8.8.8",         "0.0.0.0"};
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = random_port()};
  inet_pton(AF_INET, PICK_FROM(hosts), &address.sin_addr);
  memcpy(target, &address, sizeof address);
  return sizeof address;
}

static socklen_t internet6_address(void *target) {
  static const char *const hosts[] = {
      PEER_6,       OWN_6,     "::1",     "::",       "fd77::99",       "ff02::1",
      "ff02::fb",   "ff05::2", "ff01::1", "fe80::77", "::ffff:" PEER_4, "::ffff:127.0.0.1",
      "2001:db8::1"};
  struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = random_port()};
  inet_pton(AF_INET6, PICK_FROM(hosts), &address.sin6_addr);
  if (once_in(2)) address.sin6_scope_id = pick(5);
  if (once_in(8)) address.sin6_flowinfo = (uint32_t)random_bits();
  memcpy(target, &address, sizeof address);
  return sizeof address;
}

static socklen_t unix_address(void *target) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  const unsigned name = pick(8);
  if (once_in(8)) {
    memcpy(target, &address, sizeof(sa_family_t));
    return sizeof(sa_family_t);
  }
  const int length =
      snprintf(address.sun_path, sizeof address.sun_path, once_in(2) ? "s%u" : "#fuzz-%u", name);
  if (address.sun_path[0] == '#') address.sun_path[0] = 0;
  memcpy(target, &address, sizeof address);
  return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)length +
                     (address.sun_path[0] != 0));
}

static socklen_t link_address(void *target) {
  struct sockaddr_ll address = {
      .sll_family = AF_PACKET, .sll_ifindex = (int)pick(4), .sll_halen = 6};
  address.sll_protocol = htons(once_in(2) ? 0x0800 : (uint16_t)pick(0x10000));
  memset(address.sll_addr, once_in(2) ? 0xff : 2, 6);
  memcpy(target, &address, sizeof address);
  return sizeof address;
}

/* The family may lie about what follows: some checks look at the caller's family alone. */
static socklen_t any_address(void *target) {
  static const sa_family_t families[] = {AF_UNSPEC, AF_UNIX,    AF_INET,  AF_INET6,
                                         AF_PACKET, AF_NETLINK, AF_VSOCK, AF_ALG};
  struct sockaddr_nl netlink = {.nl_family = AF_NETLINK, .nl_groups = pick(16)};
  struct sockaddr_vm machine = {.svm_family = AF_VSOCK, .svm_cid = pick(4), .svm_port = pick(2000)};
  socklen_t length = 16;
  memset(target, 0, ADDRESS_ROOM);
  switch (pick(12)) {
    case 0:
    case 1:
    case 2:
      length = internet_address(target);
      break;
    case 3:
    case 4:
    case 5:
      length = internet6_address(target);
      break;
    case 6:
    case 7:
      length = unix_address(target);
      break;
    case 8:
      length = link_address(target);
      break;
    case 9:
      memcpy(target, &netlink, length = sizeof netlink);
      break;
    case 10:
      memcpy(target, &machine, length = sizeof machine);
      break;
    default:
      fill_random(target, length = pick(ADDRESS_ROOM));
      break;
  }
  if (once_in(10)) *(sa_family_t *)target = PICK_FROM(families);
  if (once_in(16)) length = pick(ADDRESS_ROOM + 1);
  return length;
}

/* Mostly one that the socket takes. */
static socklen_t address_for(int fd, void *target) {
  int family = 0;
  socklen_t length = sizeof family;
  if (once_in(4) || getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &length) != 0)
    return any_address(target);
  memset(target, 0, ADDRESS_ROOM);
  switch (family) {
    case AF_INET:
      return internet_address(target);
    case AF_INET6:
      return once_in(8) ? internet_address(target) : internet6_address(target);
    case AF_UNIX:
      return unix_address(target);
    case AF_PACKET:
      return link_address(target);
    default:
      return any_address(target);
  }
}
