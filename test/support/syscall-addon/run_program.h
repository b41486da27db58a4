// SPDX-License-Identifier: MIT
#pragma once

// No system call has this number: as one, it is RunProgram() with the first two arguments.
constexpr long kRunProgram = -1000;

// Executes the program in a new process, and answers its exit status, 128 and the signal that ended
// it, or -errno. Safe in the handler of a signal.
long RunProgram(const char* path, char* const* arguments);
