// SPDX-License-Identifier: MIT
#pragma once

#include <set>
#include <string>

namespace disablenetwork {

// What the process's memory mappings keep alive when every descriptor is closed: the links of
// io_uring and other anonymous inodes, of sockets and of devices. 0 or -errno.
int ListMappedLinks(std::set<std::string>* links);

}  // namespace disablenetwork
