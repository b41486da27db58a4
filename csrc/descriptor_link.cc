// SPDX-License-Identifier: MIT
#include "descriptor_link.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

namespace disablenetwork {

int ReadProcLinkAt(int directory, const std::string& name, std::string* link) {
  char target[PATH_MAX];
  const ssize_t length = readlinkat(directory, name.c_str(), target, sizeof target);
  if (length < 0) return -errno;
  link->assign(target, static_cast<size_t>(length));
  return 0;
}

int ReadProcLink(const std::string& path, std::string* link) {
  return ReadProcLinkAt(AT_FDCWD, path, link);
}

std::string ReadDescriptorLink(int fd) {
  std::string link;
  ReadProcLink("/proc/thread-self/fd/" + std::to_string(fd), &link);
  return link;
}

}  // namespace disablenetwork
