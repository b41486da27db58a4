// SPDX-License-Identifier: MIT
#include "old_libraries.h"

#include <stdlib.h>
#include <sys/syscall.h>

#include "raw_syscall.h"

namespace disablenetwork {

// On 64-bit machines the kernel's structure is the C library's.
int ReadFileStatus(int fd, struct stat* status) noexcept {
  return static_cast<int>(RawSyscall(SYS_fstat, fd, Address(status)));
}

}  // namespace disablenetwork

namespace std {  // NOLINT(cert-dcl58-cpp)

// What GCC 11 and later call when a container is asked for more than the address space holds; the
// build takes this definition, so that the library's (GLIBCXX_3.4.29) is not needed.
// NOLINTNEXTLINE(bugprone-reserved-identifier,cert-*,readability-identifier-naming)
void __throw_bad_array_new_length() { abort(); }

}  // namespace std
