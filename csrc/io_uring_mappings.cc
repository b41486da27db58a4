// SPDX-License-Identifier: MIT
#include "io_uring_mappings.h"

#include <sstream>

#include "thread_list.h"

namespace disablenetwork {

// A line of /proc/self/maps is five fields and, for a mapped file, its path after more blanks.
int ListMappedLinks(std::set<std::string>* links) {
  std::string text;
  const int error = ReadProcFile("/proc/self/maps", &text);
  if (error < 0) return error;
  std::istringstream lines(text);
  std::string line;
  links->clear();
  while (std::getline(lines, line)) {
    for (const char* prefix : {" anon_inode:", " socket:[", " /dev/"}) {
      const size_t start = line.find(prefix);
      if (start != std::string::npos) {
        links->insert(line.substr(start + 1));
        break;
      }
    }
  }
  return 0;
}

}  // namespace disablenetwork
