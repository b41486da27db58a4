// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

namespace disablenetwork {

// Gets threads of this process out of the calls in which they still wait on the old files of
// descriptors that were replaced: a call keeps the file that it began with, and a thread in
// accept() would be handed one more connection, at any later time.
//
// A signal interrupts the call, and the kernel begins it anew with the same arguments (SA_RESTART):
// now the number means the placeholder. shutdown() would do as well, but it reaches every process
// that shares the socket.
//
// 0, or -errno when a thread takes no signal and still waits.
// The caller holds the process's lock (processes/lock.h).
int ReleaseWaiters(const std::vector<int>& fds, int64_t deadline_milliseconds);

}  // namespace disablenetwork
