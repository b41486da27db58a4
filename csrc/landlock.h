// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace disablenetwork {

// Landlock's ABI as the kernel reports it, or -errno.
int LandlockAbi() noexcept;
// The bits of the errata that this kernel has fixed, or -errno.
int LandlockErrata() noexcept;

// What a ruleset without a rule denies: all that it handles (include/uapi/linux/landlock.h).
struct LandlockRules {
  uint32_t network = 0;
  uint32_t scoped = 0;
};

// In one register, for a ThreadOperation.
inline long Pack(const LandlockRules& rules) noexcept {
  return static_cast<long>(uint64_t{rules.network} << 32 | rules.scoped);
}
inline LandlockRules Unpack(long packed) noexcept {
  return {static_cast<uint32_t>(static_cast<uint64_t>(packed) >> 32),
          static_cast<uint32_t>(packed)};
}

// A descriptor or -errno. A bit that the kernel does not know is EINVAL, never ignored. Safe in a
// signal handler.
int CreateLandlockRuleset(const LandlockRules& rules) noexcept;

// Restricts the calling thread, and sets no_new_privs on it first, which Landlock demands. Safe in
// a signal handler.
//
// Every thread is restricted by itself, whatever the ABI. Since ABI 8 the kernel can restrict all
// at once (LANDLOCK_RESTRICT_SELF_TSYNC), but it waits without a limit for threads that it cannot
// interrupt, and gives each the caller's domain in the place of its own, which may be stricter.
int RestrictCaller(int ruleset) noexcept;

}  // namespace disablenetwork
