// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "socket_details.h"

namespace disablenetwork {

struct DescriptorDetails {
  int fd = -1;
  std::string link;
  mode_t mode = 0;
  // Of a character device; the driver is the name of its major number, as in /proc/devices.
  dev_t device = 0;
  std::string driver;
  // The file belongs to a proc file system, wherever that is mounted.
  bool in_proc = false;
  bool is_socket = false;
  SocketDetails socket;
};

// The numbers of all descriptors in the calling thread's table: 0 or -errno. The one by which the
// table was read is among them, and closed by now.
int ListDescriptorNumbers(std::vector<int>* numbers);

// Describes every descriptor of the calling thread's table, or answers -errno. One that is closed
// meanwhile is left out.
int ListDescriptors(std::vector<DescriptorDetails>* descriptors);

}  // namespace disablenetwork
