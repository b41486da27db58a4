// SPDX-License-Identifier: MIT
#pragma once

#include "kernel/function_view.h"

namespace disablenetwork {

// Runs the function in a thread of its own and waits for its end. What a thread sets for itself
// alone, like no_new_privs, goes with it. The function makes raw system calls only. Allocates
// nothing: other threads may be held. Its value, or -errno when the thread cannot be made.
int RunInNewThread(FunctionView<int()> function) noexcept;

}  // namespace disablenetwork
