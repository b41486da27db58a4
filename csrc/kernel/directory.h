// SPDX-License-Identifier: MIT
#pragma once

#include "kernel/function_view.h"

namespace disablenetwork {

// Calls the function with each number that names an entry of a directory of /proc, until it answers
// an error. System calls alone: for when other threads are held, perhaps inside malloc().
// 0 or -errno, its own or the function's.
int ForEachNumber(const char* directory, FunctionView<int(int)> function);

}  // namespace disablenetwork
