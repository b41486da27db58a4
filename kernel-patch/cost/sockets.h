// SPDX-License-Identifier: MIT
// Sockets as the operations need them. Local ports are fixed, for the search for a free one would
// be counted.
#ifndef COST_SOCKETS_H_
#define COST_SOCKETS_H_

#include <netinet/in.h>
#include <sys/un.h>

enum {
  kListenerPort = 4001,
  kClientPort = 4002,
  kReceiverPort = 4003,
  kFirstListenerPort = 10000,
  kFirstClientPort = 20000
};

struct sockaddr_in loopback(int port);
struct sockaddr_un pathname(const char *path);

// Each answers a descriptor.
int open_tcp(int port);
int open_udp(int port);
int listen_tcp(int port);
int listen_unix(const char *path);

// A connected TCP pair on loopback.
void connect_tcp_pair(int pair[2]);

#endif  // COST_SOCKETS_H_
