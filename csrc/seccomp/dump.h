// SPDX-License-Identifier: MIT
#pragma once

#include <linux/filter.h>
#include <sys/types.h>

#include <vector>

namespace disablenetwork {

// The seccomp filters of a thread of any process, newest first. Stops the thread for a moment.
// 0 or -errno: EACCES without CAP_SYS_ADMIN or with a filter on the caller, EIO on a kernel without
// CONFIG_CHECKPOINT_RESTORE (ptrace(2), PTRACE_SECCOMP_GET_FILTER), ETIMEDOUT when the thread does
// not stop, for it waits in the kernel, as in vfork(2).
int DumpFilters(pid_t tid, std::vector<std::vector<sock_filter>>* filters);

}  // namespace disablenetwork
