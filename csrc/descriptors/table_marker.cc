// SPDX-License-Identifier: MIT
#include "descriptors/table_marker.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "kernel/proc.h"

namespace disablenetwork {

// A pipe, because its link holds a number that no other file has at the time.
int TableMarker::Open() {
  if (pipe2(pipe_, O_CLOEXEC) < 0) return -errno;
  return ReadProcLink("/proc/thread-self/fd/" + std::to_string(pipe_[0]), &link_);
}

TableMarker::~TableMarker() {
  if (pipe_[0] < 0) return;
  close(pipe_[0]);
  close(pipe_[1]);
}

bool TableMarker::IsIn(const std::string& directory) const {
  std::string link;
  return ReadProcLink(directory + "/" + std::to_string(pipe_[0]), &link) == 0 && link == link_;
}

}  // namespace disablenetwork
