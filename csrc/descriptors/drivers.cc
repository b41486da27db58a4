// SPDX-License-Identifier: MIT
#include "descriptors/drivers.h"

#include <string_view>

#include "kernel/proc.h"
#include "kernel/text_fields.h"
#include "library/old_libraries.h"

namespace disablenetwork {
namespace {

constexpr unsigned int kMiscMajor = 10;

// Lines of a number and a name. /proc/devices has "Character devices:" above them, and an empty
// line and the block devices below. The first name of a number is kept.
std::map<unsigned int, std::string> ReadNumberedNames(const char* path) {
  std::map<unsigned int, std::string> names;
  std::string text;
  if (ReadProcFile(path, &text) < 0) return names;
  std::string_view lines = text;
  std::string_view line;
  while (TakeLine(&lines, &line) && line.compare(0, 5, "Block") != 0) {
    unsigned int number = 0;
    std::string_view name;
    if (TakeNumber(&line, 10, &number) && TakeWord(&line, &name)) names.emplace(number, name);
  }
  return names;
}

std::string FindIn(const std::map<unsigned int, std::string>& names, unsigned int number) {
  const auto found = names.find(number);
  return found == names.end() ? std::string() : found->second;
}

}  // namespace

DriverNames::DriverNames()
    : majors_(ReadNumberedNames("/proc/devices")), misc_minors_(ReadNumberedNames("/proc/misc")) {}

std::string DriverNames::Find(dev_t device) const {
  if (DeviceMajor(device) != kMiscMajor) return FindIn(majors_, DeviceMajor(device));
  const std::string name = FindIn(misc_minors_, DeviceMinor(device));
  return name.empty() ? name : "misc/" + name;
}

}  // namespace disablenetwork
