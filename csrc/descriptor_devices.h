// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>

namespace disablenetwork {

// The names of the character drivers. Many network devices get their major number at run time, and
// a device file may bear any name, so the driver's name is the one thing that tells them.
class DriverNames {
 public:
  // Reads /proc/devices; without it every name is unknown.
  DriverNames();

  // Empty when the driver is unknown.
  std::string Find(unsigned int major) const;

 private:
  std::map<unsigned int, std::string> names_;
};

}  // namespace disablenetwork
