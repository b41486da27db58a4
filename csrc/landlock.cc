// SPDX-License-Identifier: MIT
#include "landlock.h"

#include <sys/prctl.h>
#include <sys/syscall.h>

#include "kernel/syscall.h"

namespace disablenetwork {
namespace {

// The numbers are the same on every architecture, and older than the headers of the systems that
// the addon is built on (include/uapi/linux/landlock.h).
constexpr long kCreateRuleset = 444;
constexpr long kRestrictSelf = 446;
constexpr long kVersionFlag = 1;  // LANDLOCK_CREATE_RULESET_VERSION
constexpr long kErrataFlag = 2;   // LANDLOCK_CREATE_RULESET_ERRATA

// The kernel's struct landlock_ruleset_attr.
struct Attributes {
  uint64_t handled_access_fs;
  uint64_t handled_access_net;
  uint64_t scoped;
};

}  // namespace

int LandlockAbi() noexcept {
  return static_cast<int>(RawSyscall(kCreateRuleset, 0, 0, kVersionFlag));
}

int LandlockErrata() noexcept {
  return static_cast<int>(RawSyscall(kCreateRuleset, 0, 0, kErrataFlag));
}

int CreateLandlockRuleset(const LandlockRules& rules) noexcept {
  const Attributes attributes = {0, rules.network, rules.scoped};
  // A kernel before ABI 6 does not know the last field and answers E2BIG unless it is zero.
  return static_cast<int>(RawSyscall(kCreateRuleset, Address(&attributes), sizeof attributes, 0));
}

int RestrictCaller(int ruleset) noexcept {
  const long no_new_privileges = RawSyscall(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1);
  if (no_new_privileges < 0) return static_cast<int>(no_new_privileges);
  return static_cast<int>(RawSyscall(kRestrictSelf, ruleset, 0));
}

}  // namespace disablenetwork
