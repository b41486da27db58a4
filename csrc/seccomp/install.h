// SPDX-License-Identifier: MIT
#pragma once

#include <linux/filter.h>

#include <cstdint>
#include <vector>

namespace disablenetwork {

// 0 when the kernel installs filters on all threads at once, else -errno.
int ProbeSeccomp();

// The kernel reads the program alone, and its structure has no const.
inline sock_fprog Describe(const std::vector<sock_filter>& program) noexcept {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
  return {static_cast<unsigned short>(program.size()), const_cast<sock_filter*>(program.data())};
}

// Installs the filter on all threads of the process, atomically, and the caller's no_new_privs with
// it, which has to be set. Allocates nothing. 0, -errno, or the tid of a thread whose filters are
// not an ancestor of the caller's.
int InstallProgramOnAllThreads(const std::vector<sock_filter>& program) noexcept;

// The same, and sets no_new_privs on the caller first.
int InstallOnAllThreads(const std::vector<sock_filter>& program) noexcept;

}  // namespace disablenetwork
