// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace disablenetwork {

// One drop at a time in the process, however many Workers and copies of this addon it has: each
// copy has variables of its own, so that the lock is the kernel's, on a file that is the process's.
// A descriptor that holds the lock; -ETIMEDOUT when another thread held it until the deadline; or
// another -errno.
int LockProcess(int64_t deadline_milliseconds);
void UnlockProcess(int lock);

}  // namespace disablenetwork
