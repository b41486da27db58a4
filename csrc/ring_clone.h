// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "ring.h"

namespace disablenetwork {

// A ring that the kernel restricts to epoll_ctl, on its way to take another one's place.
class RingClone {
 public:
  RingClone() = default;
  ~RingClone();
  RingClone(const RingClone&) = delete;
  RingClone& operator=(const RingClone&) = delete;

  // Makes the restricted ring, mapped somewhere. 0 or -errno; -EINVAL before Linux 5.10.
  int Make(const Ring& original);
  // Takes the original's place: its state, its addresses and its descriptors. To be called while no
  // other thread can use the original; neither allocates nor locks. 0 or -errno; -EBUSY when the
  // original is in a state that cannot be copied, which is left as it is.
  int Replace();

  int descriptor() const { return fd_; }

 private:
  int Restrict() const;
  int Advance(uint32_t count);
  bool SubmitsInOrder(const RingArea& queues) const;
  int CopyState();
  int TakeAddress(const RingArea& area, uint64_t offset);

  const Ring* original_ = nullptr;
  int fd_ = -1;
  RingLayout layout_ = {};
  RingArea queues_;
  RingArea entries_;
  // Mappings that landed elsewhere while an address was taken. Its room is made beforehand.
  std::vector<char*> strays_;
};

}  // namespace disablenetwork
