// SPDX-License-Identifier: MIT
// New sockets.
#include <netinet/in.h>
#include <sys/socket.h>

#include "count.h"
#include "operations.h"

static void count_socket(const char *name, int family, int type) {
  for (int i = 0; i < kRepetitions; i++) {
    const long fd = COUNT(socket, family, type, 0, 0, 0, 0);
    NEED(fd >= 0);
    CALL(SYS_close, fd, 0, 0, 0, 0, 0);
  }
  print_counts(name);
}

void count_creation(void) {
  count_socket("socket-unix", AF_UNIX, SOCK_STREAM);
  count_socket("socket-tcp", AF_INET, SOCK_STREAM);
  count_socket("socket-udp", AF_INET, SOCK_DGRAM);
  for (int i = 0; i < kRepetitions; i++) {
    int pair[2];
    NEED(COUNT(socketpair, AF_UNIX, SOCK_STREAM, 0, pair, 0, 0) == 0);
    CALL(SYS_close, pair[0], 0, 0, 0, 0, 0);
    CALL(SYS_close, pair[1], 0, 0, 0, 0, 0);
  }
  print_counts("socketpair-unix");
}
