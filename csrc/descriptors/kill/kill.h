// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace disablenetwork {

struct KillTarget {
  int fd = -1;
  // What the descriptor linked to when it was chosen: its number may name something else by now.
  std::string link;
  // 0, also when the descriptor was closed meanwhile; or -errno.
  int result = 0;
};

// Puts a placeholder in the place of each descriptor, so that its file is released and its number
// is not used again under the owner's nose. The results are in the targets. The caller holds
// the process's lock (processes/lock.h).
void KillDescriptors(std::vector<KillTarget>* targets, int64_t deadline_milliseconds);

// Whether a placeholder was ever put in place, by any thread of this process.
bool HasKilledDescriptors();

}  // namespace disablenetwork
