// SPDX-License-Identifier: MIT
#pragma once

namespace disablenetwork {

// The signal by which the process's own C library makes set-id calls on all threads: 33 in glibc
// (SIGSETXID, nptl/nptl-signals.h), 34 in musl (SIGSYNCCALL, src/internal/pthread_impl.h). Asked
// at run time, because one build serves both. No system call, and safe in a signal handler.
int SetIdSignal() noexcept;

}  // namespace disablenetwork
