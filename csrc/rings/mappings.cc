// SPDX-License-Identifier: MIT
#include "rings/mappings.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>

#include <string_view>

#include "kernel/syscall.h"
#include "kernel/text_fields.h"

namespace disablenetwork {
namespace {

// A line of /proc/thread-self/maps: start-end, permissions, offset, device, inode, and the path
// last.
bool ParseMapping(std::string_view line, RingMapping* mapping) {
  std::string_view range;
  std::string_view unused;
  uint64_t start = 0;
  uint64_t end = 0;
  if (!TakeWord(&line, &range)) return false;
  const size_t dash = range.find('-');
  if (dash == std::string_view::npos || !ParseNumber({range.data(), dash}, 16, &start))
    return false;
  range.remove_prefix(dash + 1);
  if (!ParseNumber(range, 16, &end)) return false;
  mapping->area = {reinterpret_cast<char*>(start), end - start};
  return TakeWord(&line, &unused) && TakeNumber(&line, 16, &mapping->offset) &&
         TakeWord(&line, &unused) && TakeNumber(&line, 10, &mapping->inode);
}

int VisitLine(std::string_view line, FunctionView<void(const RingMapping&)> visit) {
  if (line.find(" anon_inode:[io_uring]") == std::string_view::npos) return 0;
  RingMapping mapping;
  if (!ParseMapping(line, &mapping)) return -EPROTO;
  visit(mapping);
  return 0;
}

// Longer than any line but those of long paths, of which only the beginning is looked at.
constexpr size_t kBufferSize = 4096;

}  // namespace

int ForEachRingMapping(FunctionView<void(const RingMapping&)> visit) {
  const long fd =
      RawSyscall(SYS_openat, AT_FDCWD, Address("/proc/thread-self/maps"), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return static_cast<int>(fd);
  char buffer[kBufferSize];
  size_t filled = 0;
  bool in_long_line = false;
  long result = -EINTR;
  while (result > 0 || result == -EINTR) {
    result = RawSyscall(SYS_read, fd, Address(buffer + filled),
                        static_cast<long>(sizeof buffer - filled));
    if (result <= 0) continue;
    filled += static_cast<size_t>(result);
    std::string_view text(buffer, filled);
    for (size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
      const int error = in_long_line ? 0 : VisitLine(text.substr(0, end), visit);
      in_long_line = false;
      if (error < 0) result = error;
      text.remove_prefix(end + 1);
    }
    in_long_line = in_long_line || text.size() == sizeof buffer;
    filled = in_long_line ? 0 : text.size();
    memmove(buffer, text.data(), filled);
  }
  RawSyscall(SYS_close, fd);
  // The kernel ends each line, but nothing is to be lost.
  if (result == 0 && filled > 0) return VisitLine({buffer, filled}, visit);
  return static_cast<int>(result);
}

}  // namespace disablenetwork
