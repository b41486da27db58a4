// SPDX-License-Identifier: MIT
#include "kernel/proc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

namespace disablenetwork {

int ReadProcFile(const std::string& path, std::string* text) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -errno;
  text->clear();
  char buffer[4096];
  for (;;) {
    const ssize_t length = read(fd, buffer, sizeof buffer);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) {
      const int error = -errno;
      close(fd);
      return error;
    }
    if (length == 0) break;
    text->append(buffer, static_cast<size_t>(length));
  }
  close(fd);
  return 0;
}

int ListProcDirectory(const std::string& path, std::vector<std::string>* names) {
  DIR* directory = opendir(path.c_str());
  if (directory == nullptr) return -errno;
  names->clear();
  errno = 0;
  while (const dirent* entry = readdir(directory)) {
    if (entry->d_name[0] != '.') names->emplace_back(entry->d_name);
  }
  const int error = -errno;
  closedir(directory);
  return error;
}

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
