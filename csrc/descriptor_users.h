// SPDX-License-Identifier: MIT
#pragma once

namespace disablenetwork {

// Ends the calls in which threads of this process still wait on the old file of a descriptor that
// was replaced: a call keeps the file that it began with.
void WakeUsers(int fd, int old_file);

}  // namespace disablenetwork
