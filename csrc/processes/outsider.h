// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

namespace disablenetwork {

// A process that was made before the drop and knows nothing of it, for attempts to reach into it.
// It shares this process's memory and descriptors, and does nothing but wait for its end.
class Outsider {
 public:
  Outsider() = default;
  Outsider(const Outsider&) = delete;
  Outsider& operator=(const Outsider&) = delete;

  // 0 or -errno.
  int Start();
  void End();
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
  char* stack_ = nullptr;
};

}  // namespace disablenetwork
