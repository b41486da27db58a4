// SPDX-License-Identifier: MIT
#include "sockets.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "count.h"

struct sockaddr_in loopback(int port) {
  return (struct sockaddr_in){.sin_family = AF_INET,
                              .sin_port = htons((uint16_t)port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

struct sockaddr_un pathname(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  return address;
}

static void bind_to(int fd, int port) {
  const struct sockaddr_in address = loopback(port);
  NEED(bind(fd, (const struct sockaddr *)&address, sizeof address) == 0);
}

int open_tcp(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  // Closing resets: no connection stays behind in TIME_WAIT and makes the next one longer.
  const struct linger reset = {.l_onoff = 1};
  const int yes = 1;
  NEED(fd >= 0);
  NEED(setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset) == 0);
  NEED(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0);
  bind_to(fd, port);
  return fd;
}

int open_udp(int port) {
  const int fd = socket(AF_INET, SOCK_DGRAM, 0);
  NEED(fd >= 0);
  bind_to(fd, port);
  return fd;
}

int listen_tcp(int port) {
  const int fd = open_tcp(port);
  NEED(listen(fd, 8) == 0);
  return fd;
}

int listen_unix(const char *path) {
  const struct sockaddr_un address = pathname(path);
  const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  unlink(path);
  NEED(fd >= 0);
  NEED(bind(fd, (const struct sockaddr *)&address, sizeof address) == 0);
  NEED(listen(fd, 8) == 0);
  return fd;
}

void connect_tcp_pair(int pair[2]) {
  const struct sockaddr_in address = loopback(kListenerPort);
  const int listener = listen_tcp(kListenerPort);
  pair[0] = open_tcp(kClientPort);
  NEED(connect(pair[0], (const struct sockaddr *)&address, sizeof address) == 0);
  pair[1] = accept(listener, NULL, NULL);
  NEED(pair[1] >= 0);
  close(listener);
}
