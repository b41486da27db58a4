// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <vector>

namespace disablenetwork {

// Runs in a signal handler: raw system calls only, no allocation, no errno. Returns 0 or more, or
// -errno.
using ThreadOperation = int (*)(long argument) noexcept;

struct ThreadResult {
  pid_t tid;
  int result;
};

}  // namespace disablenetwork
