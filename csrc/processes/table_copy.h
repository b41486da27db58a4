// SPDX-License-Identifier: MIT
#pragma once

#include "kernel/function_view.h"

namespace disablenetwork {

// Runs the function in a process that shares the memory and has a copy of the descriptor table, and
// waits until both are gone. The function makes system calls only. 0, or -errno when the process
// cannot be made.
int RunWithCopiedTable(FunctionView<void()> function);

// Runs the function in this process while another one has a copy of the descriptor table, so that
// what the function closes is closed for good when that one ends; it has ended on return. 0, or
// -errno when the process cannot be made, and then nothing was run.
int RunBesideCopiedTable(FunctionView<void()> function);

}  // namespace disablenetwork
