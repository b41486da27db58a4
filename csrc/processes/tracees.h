// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <vector>

namespace disablenetwork {

// Threads of other processes that a thread of this one traces with ptrace(2), or -errno.
int ListTracees(std::vector<pid_t>* tracees);

}  // namespace disablenetwork
