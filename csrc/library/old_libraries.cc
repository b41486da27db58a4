// SPDX-License-Identifier: MIT
#include "library/old_libraries.h"

#include <sys/syscall.h>

#include "kernel/syscall.h"

namespace disablenetwork {

// On 64-bit machines the kernel's structure is the C library's.
int ReadFileStatus(int fd, struct stat* status) noexcept {
  return static_cast<int>(RawSyscall(SYS_fstat, fd, Address(status)));
}

int ReadStatusAt(int directory, const char* path, int flags, struct stat* status) noexcept {
  return static_cast<int>(
      RawSyscall(SYS_newfstatat, directory, Address(path), Address(status), flags));
}

}  // namespace disablenetwork
