// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace disablenetwork {

// A descriptor that nobody else has: the tables in which it shows up are the calling thread's.
// Threads share one table as a rule; unshare(2) with CLONE_FILES gives a thread its own. Comparing
// what is open would not do, for other threads open and close meanwhile; and kcmp(2) may be denied.
class TableMarker {
 public:
  TableMarker() = default;
  ~TableMarker();
  TableMarker(const TableMarker&) = delete;
  TableMarker& operator=(const TableMarker&) = delete;

  // 0, or -errno: without a marker no table can be told from another.
  int Open();

  // Whether the table behind a /proc/PID/task/TID/fd holds the marker. One that cannot be looked
  // into is taken for a foreign one.
  bool IsIn(const std::string& directory) const;

 private:
  int pipe_[2] = {-1, -1};
  std::string link_;
};

}  // namespace disablenetwork
