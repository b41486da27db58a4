// SPDX-License-Identifier: MIT
// System calls that leave errno alone and can be made from a signal handler and from a child that
// shares this memory: the C library's syscall() writes errno, which belongs to somebody else there.
#pragma once

#include <cstdint>

namespace disablenetwork {

// Up to six arguments, each a full register; returns the value or -errno.
long RawSyscall(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0,
                long f = 0) noexcept;

template <typename T>
long Address(T* pointer) noexcept {
  return static_cast<long>(reinterpret_cast<intptr_t>(pointer));
}

}  // namespace disablenetwork
