// SPDX-License-Identifier: MIT
#include "kernel/mappings.h"

#include <string_view>

#include "kernel/proc.h"
#include "kernel/text_fields.h"

namespace disablenetwork {

// A line of /proc/thread-self/maps is five fields and, for a mapped file, its path after more
// blanks.
int ListMappedLinks(std::set<std::string>* links) {
  std::string text;
  const int error = ReadProcFile("/proc/thread-self/maps", &text);
  if (error < 0) return error;
  std::string_view lines = text;
  std::string_view line;
  links->clear();
  while (TakeLine(&lines, &line)) {
    for (const char* prefix : {" anon_inode:", " socket:[", " /dev/"}) {
      const size_t start = line.find(prefix);
      if (start != std::string_view::npos) {
        line.remove_prefix(start + 1);
        links->emplace(line);
        break;
      }
    }
  }
  return 0;
}

}  // namespace disablenetwork
