// SPDX-License-Identifier: MIT
// Addresses and peers.
#include <sys/socket.h>
#include <unistd.h>

#include "count.h"
#include "operations.h"
#include "sockets.h"

static const char path[] = "/tmp/cost-listener";

// The connecting side is counted first, then the accepting one: what is counted must not be mixed.
static void count_unix(int accepting) {
  const struct sockaddr_un address = pathname(path);
  const int listener = listen_unix(path);
  for (int i = 0; i < kRepetitions; i++) {
    const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    long peer;
    if (accepting) {
      NEED(connect(fd, (const struct sockaddr *)&address, sizeof address) == 0);
      peer = COUNT(accept, listener, 0, 0, 0, 0, 0);
    } else {
      NEED(COUNT(connect, fd, &address, sizeof address, 0, 0, 0) == 0);
      peer = accept(listener, NULL, NULL);
    }
    NEED(peer >= 0);
    close((int)peer);
    close(fd);
  }
  print_counts(accepting ? "accept-unix" : "connect-unix");
  close(listener);
}

// Which sockets share a chain of the kernel's hash tables is chance, and the same chance for each
// use of the same ports: so they change.
static void count_tcp(int accepting) {
  for (int i = 0; i < kRepetitions; i++) {
    const struct sockaddr_in address = loopback(kFirstListenerPort + i);
    const int listener = listen_tcp(kFirstListenerPort + i), fd = open_tcp(kFirstClientPort + i);
    long peer;
    if (accepting) {
      NEED(connect(fd, (const struct sockaddr *)&address, sizeof address) == 0);
      peer = COUNT(accept, listener, 0, 0, 0, 0, 0);
    } else {
      NEED(COUNT(connect, fd, &address, sizeof address, 0, 0, 0) == 0);
      peer = accept(listener, NULL, NULL);
    }
    NEED(peer >= 0);
    close(fd);
    close((int)peer);
    close(listener);
  }
  print_counts(accepting ? "accept-tcp" : "connect-tcp");
}

static void count_udp(void) {
  const struct sockaddr_in own = loopback(kClientPort), other = loopback(kReceiverPort);
  for (int i = 0; i < kRepetitions; i++) {
    const int fd = socket(AF_INET, SOCK_DGRAM, 0);
    NEED(COUNT(bind, fd, &own, sizeof own, 0, 0, 0) == 0);
    close(fd);
  }
  print_counts("bind-udp");
  for (int i = 0; i < kRepetitions; i++) {
    const int fd = open_udp(kClientPort);
    NEED(COUNT(connect, fd, &other, sizeof other, 0, 0, 0) == 0);
    close(fd);
  }
  print_counts("connect-udp");
}

static void count_listen(void) {
  for (int i = 0; i < kRepetitions; i++) {
    const int fd = open_tcp(kListenerPort);
    NEED(COUNT(listen, fd, 8, 0, 0, 0, 0) == 0);
    close(fd);
  }
  print_counts("listen-tcp");
}

static void count_option(void) {
  const int fd = open_udp(kClientPort), size = 65536;
  for (int i = 0; i < kRepetitions; i++) {
    NEED(COUNT(setsockopt, fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size, 0) == 0);
  }
  print_counts("setsockopt-udp");
  close(fd);
}

void count_connections(void) {
  count_udp();
  count_listen();
  count_unix(0);
  count_tcp(0);
  count_option();
  count_unix(1);
  count_tcp(1);
}
