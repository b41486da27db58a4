// SPDX-License-Identifier: MIT
#include "descriptor_devices.h"

#include <string_view>

#include "text_fields.h"
#include "thread_list.h"

namespace disablenetwork {

DriverNames::DriverNames() {
  std::string text;
  if (ReadProcFile("/proc/devices", &text) < 0) return;
  // "Character devices:", then lines of a number and a name, then an empty line and the block ones.
  std::string_view lines = text;
  std::string_view line;
  while (TakeLine(&lines, &line) && line.compare(0, 5, "Block") != 0) {
    unsigned int major = 0;
    std::string_view name;
    if (TakeNumber(&line, 10, &major) && TakeWord(&line, &name)) names_.emplace(major, name);
  }
}

std::string DriverNames::Find(unsigned int major) const {
  const auto found = names_.find(major);
  return found == names_.end() ? std::string() : found->second;
}

}  // namespace disablenetwork
