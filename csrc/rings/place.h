// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "rings/ring.h"

namespace disablenetwork {

// The address of a ring's mapping, on its way to another ring. The kernel lets nobody choose where
// a ring is mapped (io_uring_get_unmapped_area, since 6.3): it takes the first free place of the
// size, searching from one end. So every place that it would find before is filled first, while the
// old mapping is still there; only then is that one taken away, and its place is the first.
class RingPlace {
 public:
  RingPlace();
  ~RingPlace();
  RingPlace(const RingPlace&) = delete;
  RingPlace& operator=(const RingPlace&) = delete;

  // Makes certain that the next mapping of this ring lands where the area is, once the area is
  // unmapped. Changes nothing that is in use. 0 or -errno. No other thread may map memory from here
  // to Take(); allocates nothing.
  int Reserve(int ring, const RingArea& area, uint64_t offset);
  // Unmaps the area and maps the ring in its place. 0; or -errno, and then the area is as it was,
  // or, should the kernel have gone back on its ways, memory that belongs to no ring.
  int Take();

 private:
  int Fill();
  int Guard(char* page);
  void Keep(char* start, size_t length);

  const size_t page_;
  int ring_ = -1;
  RingArea area_;
  uint64_t offset_ = 0;
  // Mappings that are there for nothing but their place. Their room is made beforehand.
  // What is put in the area's place when nothing else can be.
  char* spare_ = nullptr;
  std::vector<RingArea> fillers_;
};

// Maps a part of a ring wherever the kernel likes; null when it cannot be.
char* MapRing(int ring, size_t length, uint64_t offset) noexcept;

}  // namespace disablenetwork
