// SPDX-License-Identifier: MIT
#pragma once

#include <sys/socket.h>

#include <string>

namespace disablenetwork {

// An address as people write it: `address:port`, `[address%scope]:port`, `cid:port` (vsock), a
// pathname or `@name` (Unix). Empty for an unnamed Unix socket and for families without a common
// way of writing. `length` is what the kernel reported, which tells where a Unix name ends.
std::string FormatAddress(const sockaddr_storage& address, socklen_t length);

}  // namespace disablenetwork
