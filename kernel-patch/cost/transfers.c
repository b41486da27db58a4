// SPDX-License-Identifier: MIT
// Data through sockets that exist.
#include <sys/socket.h>
#include <unistd.h>

#include "count.h"
#include "operations.h"
#include "sockets.h"

static char data[64];

static void count_send(const char *name, int from, int to) {
  for (int i = 0; i < kRepetitions; i++) {
    NEED(COUNT(sendto, from, data, sizeof data, 0, 0, 0) == sizeof data);
    NEED(recv(to, data, sizeof data, 0) == sizeof data);
  }
  print_counts(name);
}

static void count_recv(const char *name, int from, int to) {
  for (int i = 0; i < kRepetitions; i++) {
    NEED(send(from, data, sizeof data, 0) == sizeof data);
    NEED(COUNT(recvfrom, to, data, sizeof data, 0, 0, 0) == sizeof data);
  }
  print_counts(name);
}

// A write on a socket is a send for the kernel: it comes to the same hook.
static void count_plain(const char *write_name, const char *read_name, int from, int to) {
  for (int i = 0; i < kRepetitions; i++) {
    NEED(COUNT(write, from, data, sizeof data, 0, 0, 0) == sizeof data);
    NEED(read(to, data, sizeof data) == sizeof data);
  }
  print_counts(write_name);
  for (int i = 0; i < kRepetitions; i++) {
    NEED(write(from, data, sizeof data) == sizeof data);
    NEED(COUNT(read, to, data, sizeof data, 0, 0, 0) == sizeof data);
  }
  print_counts(read_name);
}

static void count_addressed(const char *name, int from, int to, const void *address,
                            size_t length) {
  for (int i = 0; i < kRepetitions; i++) {
    NEED(COUNT(sendto, from, data, sizeof data, 0, address, length) == sizeof data);
    NEED(recv(to, data, sizeof data, 0) == sizeof data);
  }
  print_counts(name);
}

static void count_message(int from, int to) {
  struct iovec part = {.iov_base = data, .iov_len = sizeof data};
  const struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  for (int i = 0; i < kRepetitions; i++) {
    NEED(COUNT(sendmsg, from, &message, 0, 0, 0, 0) == sizeof data);
    NEED(recv(to, data, sizeof data, 0) == sizeof data);
  }
  print_counts("sendmsg-udp");
}

static void count_unix(void) {
  static const char path[] = "/tmp/cost-receiver";
  const struct sockaddr_un address = pathname(path);
  const int from = socket(AF_UNIX, SOCK_DGRAM, 0), to = socket(AF_UNIX, SOCK_DGRAM, 0);
  int pair[2];
  NEED(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
  count_send("send-unix", pair[0], pair[1]);
  count_recv("recv-unix", pair[0], pair[1]);
  count_plain("write-unix", "read-unix", pair[0], pair[1]);
  unlink(path);
  NEED(bind(to, (const struct sockaddr *)&address, sizeof address) == 0);
  count_addressed("sendto-unix", from, to, &address, sizeof address);
  close(pair[0]);
  close(pair[1]);
  close(from);
  close(to);
}

static void count_udp(void) {
  const struct sockaddr_in address = loopback(kReceiverPort);
  const int from = open_udp(kClientPort), to = open_udp(kReceiverPort);
  count_addressed("sendto-udp", from, to, &address, sizeof address);
  NEED(connect(from, (const struct sockaddr *)&address, sizeof address) == 0);
  count_send("send-udp", from, to);
  count_message(from, to);
  count_recv("recv-udp", from, to);
  close(from);
  close(to);
}

static void count_tcp(void) {
  int pair[2];
  connect_tcp_pair(pair);
  count_send("send-tcp", pair[0], pair[1]);
  count_recv("recv-tcp", pair[0], pair[1]);
  count_plain("write-tcp", "read-tcp", pair[0], pair[1]);
  close(pair[0]);
  close(pair[1]);
}

void count_transfers(void) {
  count_unix();
  count_udp();
  count_tcp();
}
