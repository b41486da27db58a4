// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace disablenetwork {

// Landlock's ABI as the kernel reports it, or -errno.
int LandlockAbi();
// The bits of the errata that this kernel has fixed, or -errno.
int LandlockErrata();

// The kernel's struct landlock_ruleset_attr.
struct LandlockAttributes {
  uint64_t handled_access_fs;
  uint64_t handled_access_net;
  uint64_t scoped;
};

// A ruleset without a rule: all that it handles is denied. A descriptor or -errno. A bit that the
// kernel does not know is EINVAL, never ignored. Safe in a signal handler.
int CreateLandlockRuleset(const LandlockAttributes& attributes) noexcept;

// With all_threads the kernel restricts every thread at once (ABI 8); without, the caller alone.
// Safe in a signal handler. Sets no_new_privs on the caller first, which Landlock demands.
int RestrictCaller(int ruleset, bool all_threads) noexcept;

}  // namespace disablenetwork
