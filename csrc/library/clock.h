// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace disablenetwork {

// Of the monotonic clock.
int64_t NowMilliseconds() noexcept;

// A tenth of a millisecond.
void SleepBriefly() noexcept;

}  // namespace disablenetwork
