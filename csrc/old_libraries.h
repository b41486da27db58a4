// SPDX-License-Identifier: MIT
// Node 20 to 24 run where the C library is of 2018 (2.28) and the C++ library is GCC 8's. Today's
// headers give some calls newer symbols, with which the addon would not load there.
// pthread_sigmask() is one of them (2.32), so sigprocmask() stands in its place: on Linux it is the
// same call.
#pragma once

#include <sys/stat.h>

namespace disablenetwork {

// fstat() without its symbol, which is of glibc 2.33; returns 0 or -errno.
int ReadFileStatus(int fd, struct stat* status) noexcept;

}  // namespace disablenetwork
