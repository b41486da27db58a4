// SPDX-License-Identifier: MIT
#include "descriptor_list.h"

#include <errno.h>
#include <linux/magic.h>
#include <sys/vfs.h>

#include "descriptor_devices.h"
#include "descriptor_link.h"
#include "old_libraries.h"
#include "raw_directory.h"

namespace disablenetwork {
namespace {

// False when the descriptor was closed meanwhile.
bool Describe(int fd, const DriverNames& drivers, DescriptorDetails* details) {
  struct stat status = {};
  details->fd = fd;
  details->link = ReadDescriptorLink(fd);
  if (details->link.empty() || ReadFileStatus(fd, &status) < 0) return false;
  details->mode = status.st_mode;
  // Not by the file type alone: a socket's name in the file system has it, too, opened with O_PATH.
  if (S_ISSOCK(status.st_mode) && details->link.rfind("socket:[", 0) == 0) {
    details->is_socket = true;
    return ReadSocketDetails(fd, &details->socket) != -EBADF;
  }
  if (S_ISCHR(status.st_mode)) {
    details->device = status.st_rdev;
    details->driver = drivers.Find(DeviceMajor(status.st_rdev));
  } else if (S_ISREG(status.st_mode)) {
    struct statfs file_system = {};
    details->in_proc = fstatfs(fd, &file_system) == 0 && file_system.f_type == PROC_SUPER_MAGIC;
  }
  return true;
}

}  // namespace

int ListDescriptorNumbers(std::vector<int>* numbers) {
  numbers->clear();
  // thread-self, not self: a thread that called unshare(CLONE_FILES) has a table of its own.
  return ForEachNumber("/proc/thread-self/fd", [numbers](int fd) {
    numbers->push_back(fd);
    return 0;
  });
}

int ListDescriptors(std::vector<DescriptorDetails>* descriptors) {
  std::vector<int> numbers;
  const int error = ListDescriptorNumbers(&numbers);
  if (error < 0) return error;
  const DriverNames drivers;
  descriptors->clear();
  for (const int fd : numbers) {
    DescriptorDetails details;
    if (Describe(fd, drivers, &details)) descriptors->push_back(std::move(details));
  }
  return 0;
}

}  // namespace disablenetwork
