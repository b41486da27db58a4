// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "descriptors/socket.h"

namespace disablenetwork {

struct DescriptorDetails {
  int fd = -1;
  // Empty when its path is too long for the kernel to write out.
  std::string link;
  // Type and permissions of the file; -1 when the kernel does not tell.
  int64_t mode = -1;
  // It was opened for writing.
  bool writable = false;
  // Of a character device; the driver as DriverNames has it.
  dev_t device = 0;
  std::string driver;
  // The file belongs to a proc file system, wherever that is mounted, or the kernel does not tell.
  bool in_proc = false;
  bool is_socket = false;
  // Of the calling thread's own descriptors only: of others there is nothing to ask.
  SocketDetails socket;
};

// The numbers of all descriptors in the calling thread's table: 0 or -errno. The one by which the
// table was read is among them, and closed by now.
int ListDescriptorNumbers(std::vector<int>* numbers);

// Describes every descriptor of the calling thread's table, or answers -errno. One that is closed
// meanwhile is left out.
int ListDescriptors(std::vector<DescriptorDetails>* descriptors);

// The same for the table behind a /proc/PID/task/TID/fd, which may be another one.
int ListForeignDescriptors(const std::string& directory,
                           std::vector<DescriptorDetails>* descriptors);

}  // namespace disablenetwork
