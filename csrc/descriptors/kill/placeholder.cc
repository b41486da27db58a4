// SPDX-License-Identifier: MIT
#include "descriptors/kill/placeholder.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "descriptors/socket.h"

namespace disablenetwork {
namespace {

// A socket of messages counts when it has a peer: SCTP has some that talk to many at once.
bool IsConnection(int fd) {
  SocketDetails details;
  if (ReadSocketDetails(fd, &details) < 0 || details.listening) return false;
  return details.type == SOCK_STREAM || (details.type == SOCK_SEQPACKET && details.connected);
}

int MakeConnection(int fd, Placeholder* placeholder) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) return -errno;
  // A thread that does not expect to wait must not be made to, and the other way round.
  fcntl(pair[0], F_SETFL, fcntl(fd, F_GETFL) & O_NONBLOCK);
  // A peer that goes with something unread resets the connection; else reading would just end.
  const ssize_t written = send(pair[0], "", 1, MSG_NOSIGNAL);
  static_cast<void>(written);
  placeholder->fd = pair[0];
  placeholder->peer = pair[1];
  return 0;
}

}  // namespace

int MakePlaceholder(int fd, Placeholder* placeholder) {
  if (IsConnection(fd)) return MakeConnection(fd, placeholder);
  placeholder->fd = epoll_create1(EPOLL_CLOEXEC);
  return placeholder->fd < 0 ? -errno : 0;
}

void FinishPlaceholder(const Placeholder& placeholder) {
  if (placeholder.peer >= 0) close(placeholder.peer);
  if (placeholder.fd >= 0) close(placeholder.fd);
}

}  // namespace disablenetwork
