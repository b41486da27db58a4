// SPDX-License-Identifier: MIT
#include "library/set_id_signal.h"

// Weak: the address of one that the process does not have is null. musl's loader finds its own
// second stage by this name (ldso/dynlink.c). glibc's name alone would not tell: Alpine's gcompat
// gives it to programs that run on musl.
extern "C" {
// NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl*,readability-identifier-naming)
__attribute__((weak)) const char* gnu_get_libc_version();
__attribute__((weak)) void __dls2b();
// NOLINTEND(bugprone-reserved-identifier,cert-dcl*,readability-identifier-naming)
}

namespace disablenetwork {

int SetIdSignal() noexcept {
  constexpr int kGlibc = 33;
  constexpr int kMusl = 34;
  return &gnu_get_libc_version != nullptr && &__dls2b == nullptr ? kGlibc : kMusl;
}

}  // namespace disablenetwork
