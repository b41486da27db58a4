// SPDX-License-Identifier: MIT
#include "descriptor_link.h"

#include <limits.h>
#include <unistd.h>

namespace disablenetwork {

std::string ReadProcLink(const std::string& path) {
  char target[PATH_MAX];
  const ssize_t length = readlink(path.c_str(), target, sizeof target);
  return length < 0 ? std::string() : std::string(target, static_cast<size_t>(length));
}

std::string ReadDescriptorLink(int fd) {
  return ReadProcLink("/proc/thread-self/fd/" + std::to_string(fd));
}

}  // namespace disablenetwork
