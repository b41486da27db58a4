// SPDX-License-Identifier: MIT
#include "descriptor_link.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

namespace disablenetwork {

int ReadProcLink(const std::string& path, std::string* link) {
  char target[PATH_MAX];
  const ssize_t length = readlink(path.c_str(), target, sizeof target);
  if (length < 0) return -errno;
  link->assign(target, static_cast<size_t>(length));
  return 0;
}

std::string ReadDescriptorLink(int fd) {
  std::string link;
  ReadProcLink("/proc/thread-self/fd/" + std::to_string(fd), &link);
  return link;
}

}  // namespace disablenetwork
