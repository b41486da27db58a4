// SPDX-License-Identifier: MIT
#include "kernel/directory.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include <cstdint>

#include "kernel/syscall.h"

namespace disablenetwork {
namespace {

// What getdents64(2) writes: inode, offset, length of the record, type, and the name with its zero.
constexpr size_t kLengthOffset = 16;
constexpr size_t kNameOffset = 19;

int VisitEntries(const char* buffer, long filled, FunctionView<int(int)> function) {
  for (long position = 0; position < filled;) {
    const char* entry = buffer + position;
    uint16_t length = 0;
    memcpy(&length, entry + kLengthOffset, sizeof length);
    position += length;
    if (entry[kNameOffset] == '.') continue;
    const int result = function(static_cast<int>(strtol(entry + kNameOffset, nullptr, 10)));
    if (result < 0) return result;
  }
  return 0;
}

}  // namespace

int ForEachNumber(const char* directory, FunctionView<int(int)> function) {
  const long fd =
      RawSyscall(SYS_openat, AT_FDCWD, Address(directory), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return static_cast<int>(fd);
  char buffer[8192];
  long result = 0;
  while (result >= 0) {
    result = RawSyscall(SYS_getdents64, fd, Address(buffer), sizeof buffer);
    if (result <= 0) break;
    result = VisitEntries(buffer, result, function);
  }
  RawSyscall(SYS_close, fd);
  return static_cast<int>(result);
}

}  // namespace disablenetwork
