// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <map>
#include <string>

namespace disablenetwork {

// The names of the character drivers. Many network devices get their number at run time, and a
// device file may bear any name, so the driver's name is the one thing that tells them.
class DriverNames {
 public:
  // Reads /proc/devices and /proc/misc; what they do not say is unknown.
  DriverNames();

  // The name of the major number, `misc` excepted: its devices are drivers of their own, named
  // `misc/` and what they are called. Empty when the driver is unknown.
  std::string Find(dev_t device) const;

 private:
  std::map<unsigned int, std::string> majors_;
  std::map<unsigned int, std::string> misc_minors_;
};

}  // namespace disablenetwork
