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

// With kAnswerStatus, prctl(PR_GET_NETWORK) fails with this number plus the policy. Linux has no
// error number so high, and everything up to 4095 is taken for an error (include/linux/err.h,
// MAX_ERRNO), so the answer cannot be mistaken for the kernel's own.
constexpr uint32_t kStatusBase = 0xe00;

}  // namespace disablenetwork
