// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <vector>

#include "rings/clone.h"
#include "rings/ring.h"

namespace disablenetwork {

// Since 22 Node has an io_uring in every event loop: libuv collects epoll_ctl() calls in it, and
// ends the process when it cannot enter it. Left alone, such a ring can make sockets past every
// filter. So each is exchanged for one that looks the same to libuv and that the kernel restricts
// to epoll_ctl for good (IORING_REGISTER_RESTRICTIONS).
class RingSeal {
 public:
  // What is done about rings that cannot be exchanged: a thread may be making or ending one of
  // libuv's just now.
  enum class Others { kStay, kNone };

  // Makes the clones. Changes nothing that is in use. 0, or -errno: -ENOMEM when the rings exceed
  // the user's RLIMIT_MEMLOCK, -EAGAIN when there are others and there may be none.
  int Make(Others others);
  // The two steps of the exchange, while all other threads are held; neither allocates. Prepare()
  // changes nothing that is in use: 0 or -errno, -EAGAIN when a ring has been made or ended since,
  // -EBUSY when one is in a state that cannot be copied just now.
  int Prepare();
  int Replace();

  bool HasRings() const { return !rings_.empty(); }
  // Descriptors of the rings that are exchanged.
  const std::vector<int>& descriptors() const { return descriptors_; }

 private:
  bool HasUnknownRing() const;
  bool AreUnchanged() const;

  std::vector<Ring> rings_;
  std::vector<int> known_;
  std::vector<int> descriptors_;
  std::vector<std::unique_ptr<RingClone>> clones_;
};

// The descriptors of the rings that can be sealed. Changes nothing. 0 or -errno.
int ListSealableRings(std::vector<int>* descriptors);

}  // namespace disablenetwork
