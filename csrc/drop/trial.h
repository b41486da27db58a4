// SPDX-License-Identifier: MIT
// What the kernel cannot be asked in this process: it is asked in a child that ends at once.
#pragma once

#include <cstdint>

#include "landlock.h"

namespace disablenetwork {

// In the place of an errno: whoever asks is killed. Sandboxes do so that list what is allowed
// (SystemCallFilter= of systemd).
constexpr int kKilled = -4096;

struct KernelAnswers {
  // The ABI, -errno or kKilled.
  int landlock_abi = kKilled;
  // 0 when filters can be installed on all threads at once, else -errno or kKilled.
  int seccomp = kKilled;
};

// 0, or -errno when no child can be made.
int AskKernel(KernelAnswers* answers);

// Makes the whole drop in a child, to learn whether the kernel would take it: the limit of 16
// Landlock domains, a sandbox that forbids seccomp(2) and the like cannot be asked for in any other
// way. The process itself is left as it was.
// 0, or -errno of the first step that failed; -EUCLEAN when a socket could be made all the same.
int TryDropInChild(uint32_t policy, const LandlockRules& rules);

}  // namespace disablenetwork
