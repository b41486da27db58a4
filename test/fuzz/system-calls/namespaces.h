/* SPDX-License-Identifier: MIT */
/* Two network namespaces with a wire between them, which nothing but a program's doing makes busy.
 */
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>

#include "netlink.h"
#include "network.h"
#include "observer.h"

struct network {
  int here, there; /* The namespaces. */
  pid_t peer;
};

__attribute__((format(printf, 1, 2))) static _Noreturn void give_up(const char *format, ...) {
  const int error = errno;
  va_list values;
  va_start(values, format);
  vfprintf(stderr, format, values);
  va_end(values);
  fprintf(stderr, error == 0 ? "\n" : " (%s)\n", strerror(error));
  exit(2);
}

static void write_file(const char *path, const char *text) {
  const int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0 || write(fd, text, strlen(text)) < 0) give_up("cannot write to %s", path);
  close(fd);
}

static void try_write_file(const char *path, const char *text) {
  const int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return; /* An older kernel, which has no such setting. */
  if (write(fd, text, strlen(text)) < 0) fprintf(stderr, "# cannot write to %s\n", path);
  close(fd);
}

/* Before there is any interface but loopback: no frame of IPv6's own accord. */
static void be_quiet(void) {
  static const char *const off[] = {"accept_ra", "autoconf", "accept_dad", "router_solicitations",
                                    "dad_transmits"};
  static const char *const fast[] = {"mldv1_unsolicited_report_interval",
                                     "mldv2_unsolicited_report_interval"};
  static const char *const both[] = {"all", "default"};
  char path[128];
  for (unsigned place = 0; place < 2; ++place) {
    for (unsigned index = 0; index < 5; ++index) {
      snprintf(path, sizeof path, "/proc/sys/net/ipv6/conf/%s/%s", both[place], off[index]);
      try_write_file(path, "0");
    }
    for (unsigned index = 0; index < 2; ++index) {
      snprintf(path, sizeof path, "/proc/sys/net/ipv6/conf/%s/%s", both[place], fast[index]);
      try_write_file(path, "10");
    }
    snprintf(path, sizeof path, "/proc/sys/net/ipv6/conf/%s/addr_gen_mode", both[place]);
    try_write_file(path, "1");
  }
  try_write_file("/proc/sys/net/ipv4/ping_group_range", "0 0");
}

static void must(int error, const char *what) {
  errno = error;
  if (error != 0) give_up("cannot %s", what);
}

static void set_up_side(const char *wire, const char *four, const char *six, const char *other_four,
                        const char *other_six, const unsigned char *other_mac) {
  must(set_up_interface("lo"), "set up loopback");
  must(add_address(wire, AF_INET, four, 24), "add an address");
  must(add_address(wire, AF_INET6, six, 64), "add an address of IPv6");
  must(set_up_interface(wire), "set up the wire");
  must(add_neighbour(wire, AF_INET, other_four, other_mac), "add a neighbour");
  must(add_neighbour(wire, AF_INET6, other_six, other_mac), "add a neighbour of IPv6");
}

static int listen_at_peer(int type) {
  const struct sockaddr_in6 everywhere = {.sin6_family = AF_INET6, .sin6_port = htons(PEER_PORT)};
  const int yes = 1, fd = socket(AF_INET6, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(fd, (const void *)&everywhere, sizeof everywhere) != 0) give_up("the peer cannot bind");
  if (type == SOCK_STREAM && listen(fd, 256) != 0) give_up("the peer cannot listen");
  return fd;
}

/* Takes every connection and datagram, and answers some of what comes. */
static _Noreturn void be_peer(int stream, int datagram) {
  struct pollfd waits[1024] = {{stream, POLLIN, 0}, {datagram, POLLIN, 0}};
  nfds_t many = 2;
  char buffer[4096];
  signal(SIGPIPE, SIG_IGN);
  for (;;) {
    if (poll(waits, many, -1) < 0) continue;
    if (waits[0].revents != 0) {
      const int fd = accept4(stream, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd >= 0 && many < 1024)
        waits[many++] = (struct pollfd){fd, POLLIN, 0};
      else if (fd >= 0)
        close(fd);
    }
    while (recv(datagram, buffer, sizeof buffer, 0) >= 0) {
    }
    for (nfds_t index = 2; index < many; ++index) {
      if (waits[index].revents == 0) continue;
      const ssize_t length = read(waits[index].fd, buffer, sizeof buffer);
      if (length > 0 && (buffer[0] & 3) == 0 &&
          write(waits[index].fd, buffer, (size_t)length) < 0) {
        /* Then it gets no answer. */
      }
      if (length > 0 || (length < 0 && errno == EAGAIN)) continue;
      close(waits[index].fd);
      waits[index--] = waits[--many];
    }
  }
}

static void enter(int fd) {
  if (setns(fd, CLONE_NEWNET) != 0) give_up("cannot enter a network namespace");
}

static int own_namespace(void) { return open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC); }

/* Root, or whoever may make user namespaces, gets both namespaces; the observers look in first. */
static struct network make_network(struct observer observers[2]) {
  static const unsigned char own_mac[] = {2, 0, 0, 0, 0x77, 1}, peer_mac[] = {2, 0, 0, 0, 0x77, 2};
  const unsigned user = geteuid(), group = getegid();
  struct network network;
  if (user != 0) {
    char map[64];
    if (unshare(CLONE_NEWUSER) != 0)
      give_up("cannot make a user namespace: run this as root, or allow user namespaces");
    write_file("/proc/self/setgroups", "deny");
    snprintf(map, sizeof map, "0 %u 1", user);
    write_file("/proc/self/uid_map", map);
    snprintf(map, sizeof map, "0 %u 1", group);
    write_file("/proc/self/gid_map", map);
  }
  if (unshare(CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS) != 0)
    give_up("cannot make a network namespace");
  network.there = own_namespace();
  observers[1] = open_observer();
  be_quiet();
  if (unshare(CLONE_NEWNET) != 0) give_up("cannot make a second network namespace");
  network.here = own_namespace();
  observers[0] = open_observer();
  be_quiet();
  must(make_wire(WIRE, own_mac, PEER_WIRE, peer_mac, network.there),
       "make a wire (is there CONFIG_VETH?)");
  enter(network.there);
  set_up_side(PEER_WIRE, PEER_4, PEER_6, OWN_4, OWN_6, own_mac);
  const int stream = listen_at_peer(SOCK_STREAM), datagram = listen_at_peer(SOCK_DGRAM);
  network.peer = fork();
  if (network.peer == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    be_peer(stream, datagram);
  }
  close(stream);
  close(datagram);
  enter(network.here);
  set_up_side(WIRE, OWN_4, OWN_6, PEER_4, PEER_6, peer_mac);
  must(add_default_route(WIRE, AF_INET, PEER_4), "add a route");
  must(add_default_route(WIRE, AF_INET6, PEER_6), "add a route of IPv6");
  return network;
}
