// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace disablenetwork {

// Makes the whole drop in a child that ends at once, to learn whether the kernel would take it:
// the limit of 16 Landlock domains, a sandbox that forbids seccomp(2) and the like cannot be asked
// for in any other way. The process itself is left as it was.
// 0, or -errno of the first step that failed; -EUCLEAN when a socket could be made all the same.
int TryDropInChild(uint32_t policy, uint64_t handled_network, uint64_t scoped);

}  // namespace disablenetwork
