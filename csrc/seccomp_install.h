// SPDX-License-Identifier: MIT
#pragma once

#include <linux/filter.h>

#include <cstdint>
#include <vector>

namespace disablenetwork {

// 0 when the kernel installs filters on all threads at once, else -errno.
int ProbeSeccomp();

// Installs the filter on all threads of the process, atomically, and no_new_privs with it.
// 0, -errno, or the tid of a thread whose filters are not an ancestor of the caller's.
int InstallSeccompOnAllThreads(uint32_t policy);

// The same for a program that was built before; allocates nothing.
int InstallProgramOnAllThreads(std::vector<sock_filter>& program);

}  // namespace disablenetwork
