// SPDX-License-Identifier: MIT
#pragma once

#include <linux/filter.h>

#include <cstdint>
#include <vector>

namespace disablenetwork {

// The filter of a policy (see seccomp_policy.h); empty when the policy has an unknown bit.
std::vector<sock_filter> BuildSeccompProgram(uint32_t policy);

}  // namespace disablenetwork
