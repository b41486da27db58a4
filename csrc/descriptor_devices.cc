// SPDX-License-Identifier: MIT
#include "descriptor_devices.h"

#include <sstream>

#include "thread_list.h"

namespace disablenetwork {

DriverNames::DriverNames() {
  std::string text;
  if (ReadProcFile("/proc/devices", &text) < 0) return;
  // "Character devices:", then lines of a number and a name, then an empty line and the block ones.
  std::istringstream lines(text);
  std::string line;
  while (std::getline(lines, line) && line.compare(0, 5, "Block") != 0) {
    std::istringstream fields(line);
    unsigned int major = 0;
    std::string name;
    if (fields >> major >> name) names_.emplace(major, name);
  }
}

std::string DriverNames::Find(unsigned int major) const {
  const auto found = names_.find(major);
  return found == names_.end() ? std::string() : found->second;
}

}  // namespace disablenetwork
