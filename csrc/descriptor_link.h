// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace disablenetwork {

// What a link in /proc leads to; empty when it cannot be read.
std::string ReadProcLink(const std::string& path);

// What /proc/thread-self/fd/N links to; empty when the descriptor is not open or /proc is hidden.
std::string ReadDescriptorLink(int fd);

}  // namespace disablenetwork
