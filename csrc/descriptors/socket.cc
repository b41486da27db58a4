// SPDX-License-Identifier: MIT
#include "descriptors/socket.h"

#include <errno.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "descriptors/socket_address.h"
#include "library/old_libraries.h"

namespace disablenetwork {
namespace {

bool ReadOption(int fd, int option, int* value) {
  socklen_t length = sizeof *value;
  return getsockopt(fd, SOL_SOCKET, option, value, &length) == 0;
}

// Needs CAP_NET_ADMIN over the namespace: most processes are not told.
ino_t ReadNetworkNamespace(int fd) {
  const int name_space = ioctl(fd, SIOCGSKNS);
  if (name_space < 0) return 0;
  struct stat status = {};
  const bool known = ReadFileStatus(name_space, &status) == 0;
  close(name_space);
  return known ? status.st_ino : 0;
}

}  // namespace

int ReadSocketDetails(int fd, SocketDetails* details) {
  if (!ReadOption(fd, SO_DOMAIN, &details->family) || !ReadOption(fd, SO_TYPE, &details->type) ||
      !ReadOption(fd, SO_PROTOCOL, &details->protocol)) {
    return -errno;
  }
  int listening = 0;
  details->listening = ReadOption(fd, SO_ACCEPTCONN, &listening) && listening != 0;

  sockaddr_storage address = {};
  socklen_t length = sizeof address;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) == 0) {
    details->local = FormatAddress(address, length);
  }
  address = {};
  length = sizeof address;
  if (getpeername(fd, reinterpret_cast<sockaddr*>(&address), &length) == 0) {
    details->connected = true;
    details->remote = FormatAddress(address, length);
  }
  details->network_namespace = ReadNetworkNamespace(fd);
  return 0;
}

}  // namespace disablenetwork
