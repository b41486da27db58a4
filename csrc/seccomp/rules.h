// SPDX-License-Identifier: MIT
#pragma once

#include <linux/filter.h>

#include <cstdint>
#include <vector>

namespace disablenetwork {

// The filter of a policy (see seccomp/policy.h); empty when the policy has an unknown bit.
std::vector<sock_filter> BuildSeccompProgram(uint32_t policy);

// The filter that says that the drop of this policy is in force, and denies nothing; empty when the
// policy has an unknown bit.
std::vector<sock_filter> BuildStatusProgram(uint32_t policy);

// The filter that says that a drop has begun and not ended, and denies nothing.
std::vector<sock_filter> BuildUnfinishedProgram();

}  // namespace disablenetwork
