// SPDX-License-Identifier: MIT
#pragma once

namespace disablenetwork {

// What stands in a killed descriptor's place until its owner closes it.
struct Placeholder {
  int fd = -1;
  // The other end of a connection, held until the placeholder is in place; -1 when there is none.
  int peer = -1;
};

// Makes the placeholder that fits an open descriptor: 0 or -errno.
//
// A connection gets a connection that its peer will reset: whoever watches it is told, reading
// fails with ECONNRESET and then ends, writing fails with EPIPE.
//
// Everything else gets an epoll that watches nothing. It is never ready, which matters for
// listeners: an event loop would call accept() without end. Every call on it fails at once:
// ENOTSOCK for those of sockets, EINVAL for read() and write().
int MakePlaceholder(int fd, Placeholder* placeholder);

// Lets go of the placeholder, which stays where it was duplicated to, and resets a connection.
void FinishPlaceholder(const Placeholder& placeholder);

}  // namespace disablenetwork
