// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "kernel/function_view.h"
#include "rings/ring.h"

namespace disablenetwork {

// What of a ring is mapped where.
struct RingMapping {
  RingArea area;
  uint64_t offset = 0;
  ino_t inode = 0;
};

// Visits each mapping of a ring in this process. Allocates nothing, for when other threads are
// held. 0 or -errno.
int ForEachRingMapping(FunctionView<void(const RingMapping&)> visit);

}  // namespace disablenetwork
