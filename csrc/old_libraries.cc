// SPDX-License-Identifier: MIT
#include "old_libraries.h"

#include <fcntl.h>
#include <sys/syscall.h>

#include "raw_syscall.h"

namespace disablenetwork {

// On 64-bit machines the kernel's structure is the C library's.
int ReadFileStatus(int fd, struct stat* status) noexcept {
  return static_cast<int>(RawSyscall(SYS_fstat, fd, Address(status)));
}

int ReadPathStatus(const char* path, struct stat* status) noexcept {
  return static_cast<int>(RawSyscall(SYS_newfstatat, AT_FDCWD, Address(path), Address(status)));
}

int ReadLinkStatus(const char* path, struct stat* status) noexcept {
  return static_cast<int>(
      RawSyscall(SYS_newfstatat, AT_FDCWD, Address(path), Address(status), AT_SYMLINK_NOFOLLOW));
}

}  // namespace disablenetwork
