// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "rings/place.h"
#include "rings/ring.h"

namespace disablenetwork {

// A ring that the kernel restricts to epoll_ctl, on its way to take another one's place: its state,
// its addresses and its descriptors.
class RingClone {
 public:
  RingClone() = default;
  ~RingClone();
  RingClone(const RingClone&) = delete;
  RingClone& operator=(const RingClone&) = delete;

  // Makes the restricted ring, mapped somewhere. 0 or -errno; -EINVAL before Linux 5.10.
  int Make(const Ring& original);
  // The two steps of the exchange. No other thread can use the original meanwhile; neither
  // allocates nor locks. Prepare() does all that may fail, and leaves the original as it is: 0 or
  // -errno, -EBUSY when the original is in a state that cannot be copied.
  int Prepare();
  // 0; or -errno, and then the original is as it was unless the kernel refused what it never does.
  int Replace();

  // Whether this descriptor is one that the clone made for itself.
  bool Owns(int descriptor) const { return descriptor == fd_ || descriptor == original_file_; }
  bool Maps(const char* start) const { return start == queues_.start || start == entries_.start; }

 private:
  int Restrict() const;
  int Advance(uint32_t count);
  bool SubmitsInOrder(const RingArea& queues) const;
  int CopyState();
  int PointDescriptors(int ring) const;

  const Ring* original_ = nullptr;
  int fd_ = -1;
  // The original once more: the way back, should a descriptor not be had.
  int original_file_ = -1;
  RingLayout layout_ = {};
  RingArea queues_;
  RingArea entries_;
  RingPlace queues_place_;
  RingPlace entries_place_;
};

}  // namespace disablenetwork
