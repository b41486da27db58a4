// SPDX-License-Identifier: MIT
#include "thread_list.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
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

int ListOwnThreads(std::vector<ThreadIdentity>* threads) {
  for (size_t capacity = 256;; capacity *= 2) {
    threads->resize(capacity);
    bool complete = false;
    const int count = ScanOwnThreads(threads->data(), capacity, &complete);
    if (count == -ENOBUFS) continue;
    threads->resize(count < 0 ? 0 : static_cast<size_t>(count));
    return count < 0 ? count : 0;
  }
}

}  // namespace disablenetwork
