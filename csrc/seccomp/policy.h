// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace disablenetwork {

// What the plan asks of the filter. The same numbers stand in lib/native/binding.ts.
enum SeccompPolicy : uint32_t {
  kDenyListen = 1,
  kDenyNewUnixPeers = 2,
  kDenyTracing = 4,
  kAnswerStatus = 8,
  kWithLandlock = 16,
  kAllUnixSockets = 32,
  kWithKernelPatch = 64,
  kAllowRings = 128,
  kRingsRestricted = 256,
  kEveryPolicyBit = 511,
};

// prctl(PR_GET_NETWORK) fails with one of these. Linux has no error number so high, and everything
// up to 4095 is taken for an error (include/linux/err.h, MAX_ERRNO), so the answer cannot be
// mistaken for the kernel's own.
//
// The filter that denies says that a drop has begun. A second one, installed when everything is in
// force and has been tried, answers the base plus the policy: of several filters that answer with
// an error the newest wins (seccomp_run_filters() in kernel/seccomp.c). So a drop that ends halfway
// is known as such, to every copy of this addon and in every child, and nothing has to be done for
// it.
constexpr uint32_t kStatusBase = 0xe00;
constexpr uint32_t kStatusUnfinished = kStatusBase - 1;

}  // namespace disablenetwork
