// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

namespace disablenetwork {

// The descriptors of the rings that can be sealed. Changes nothing. 0 or -errno.
int ListSealableRings(std::vector<int>* descriptors);

// Since 22 Node has an io_uring in every event loop: libuv collects epoll_ctl() calls in it, and
// ends the process when it cannot enter it. Left alone, such a ring can make sockets past every
// filter. So each is exchanged for one that looks the same to libuv and that the kernel restricts
// to epoll_ctl for good (IORING_REGISTER_RESTRICTIONS).
//
// The filter of the policy is installed in the same moment, while no other thread runs: a ring made
// between the two would be overlooked.
// `sealed` are the descriptors that lead to restricted rings now; empty while nothing was changed.
// 0; -errno, -ENOMEM when the rings exceed the user's RLIMIT_MEMLOCK; -ETIMEDOUT when a
// thread could not be held; or the tid of a thread whose filters differ from the caller's.
int SealRingsAndInstallSeccomp(uint32_t policy, int timeout_milliseconds, std::vector<int>* sealed);

}  // namespace disablenetwork
