// SPDX-License-Identifier: MIT
#pragma once

#include "function_view.h"
#include "thread_broadcast.h"

namespace disablenetwork {

// Holds every other thread of the process in a signal handler while the function runs, so that it
// can exchange what they use behind their backs. A thread is held wherever it happens to be, inside
// malloc() too: the function must neither allocate nor take a lock.
// 0, or -errno: -ETIMEDOUT when a thread could not be held in time; the function has not run then.
int RunWhileOthersAreHeld(int timeout_milliseconds, FunctionView<void()> function);

// Runs the operation once in every thread of the process, the caller last. Each of the others is
// held from then on until all have run it: nobody can leave a thread behind that has not, and a
// chain of threads that create each other does not run it again in each generation.
Broadcast RunOnAllThreadsHeld(ThreadOperation operation, long argument, int timeout_milliseconds);

}  // namespace disablenetwork
