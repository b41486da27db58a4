// SPDX-License-Identifier: MIT
// An io_uring as /proc and the memory that it shares with the process describe it.
#pragma once

#include <linux/io_uring.h>
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernel/function_view.h"

namespace disablenetwork {

// Memory that the kernel shares with the process.
struct RingArea {
  char* start = nullptr;
  size_t length = 0;
};

struct Ring {
  // Each ring has an inode of its own since Linux 5.16; it joins descriptors and mappings.
  ino_t inode = 0;
  dev_t device = 0;
  std::vector<int> descriptors;
  RingArea queues;   // Heads, tails, completions, and the array of submissions.
  RingArea entries;  // The submissions themselves.
};

// Where things are in the queues' area. The kernel computes it from the flags and the sizes, so it
// is the same in every ring that is made alike.
struct RingLayout {
  io_sqring_offsets submission;
  io_cqring_offsets completion;
  uint32_t submissions;
  uint32_t completions;
};

// The flags and the number of entries that libuv asks for (src/unix/linux.c, uv__iou_init).
constexpr uint32_t kLibuvEntries = 256;

// A ring counts what passed through it from its beginning, and the counters of a clone have to
// agree. So many at the most are made up for: 256 take about 50 microseconds.
constexpr uint32_t kMostPassed = 1U << 20;

// Every ring of the process that has a descriptor, with its two mappings where it has just those.
// 0 or -errno.
int ListRings(std::vector<Ring>* rings);

// How many rings are mapped and have no descriptor any more: a mapping keeps a ring alive. 0 or
// more, or -errno. Before Linux 5.16, when all rings had one inode, those beside an open ring are
// missed.
int CountMappedOnlyRings();

// Whether the predicate holds for any descriptor of a ring. Allocates nothing, for when other
// threads are held; true as well when the descriptors cannot be listed.
bool AnyRingDescriptor(FunctionView<bool(int)> predicate);

// Whether the ring is of libuv's kind and idle: 256 entries, mapped once, no polling thread, no
// registered file or buffer, nothing in flight, and not more passed through it than can be made up
// for.
bool IsBatchingRing(const Ring& ring);

// A field of the queues' area.
inline uint32_t* RingField(const RingArea& area, uint32_t offset) {
  return reinterpret_cast<uint32_t*>(area.start + offset);
}

}  // namespace disablenetwork
