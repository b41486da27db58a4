// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <string>

namespace disablenetwork {

struct SocketDetails {
  // AF_UNSPEC when the kernel refuses to say.
  int family = 0;
  int type = 0;
  int protocol = 0;
  bool listening = false;
  // It has a peer, which may have no name.
  bool connected = false;
  std::string local;
  std::string remote;
  // Zero when the kernel does not say.
  ino_t network_namespace = 0;
};

// Asks the kernel about a socket, and only with calls that leave it as it is: 0, or -errno when the
// kernel does not even tell its family.
int ReadSocketDetails(int fd, SocketDetails* details);

}  // namespace disablenetwork
