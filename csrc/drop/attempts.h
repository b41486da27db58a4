// SPDX-License-Identifier: MIT
// What a drop claims to close is tried, in every thread. Some ways need something that was made
// before the drop: a TCP socket, a name and a process outside. Each of those is tried once before
// the drop as well; one that is refused already proves nothing, and is not counted afterwards.
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "threads/broadcast.h"

namespace disablenetwork {

// Bits of what is tried. The same numbers stand in lib/native/binding.ts.
enum Attempt : uint32_t {
  kTrySockets = 1,           // socket() of three families
  kTryTcpConnect = 2,        // connect() of a TCP socket made before
  kTryAbstractName = 4,      // connect() to an abstract Unix name from outside
  kTryTracing = 8,           // looking into a process outside
  kTryIoUring = 16,          // io_uring_setup()
  kTryNoNewPrivileges = 32,  // whether the thread could still gain privilege
  // Not tried: the kernel patch answers for an abstract name as if nobody listened.
  kNamesSeemAbsent = 64,
};

// Makes what the wanted attempts need. The bits of those that worked before the drop, and of those
// that need nothing; or -errno. To be closed in any case.
int PrepareAttempts(uint32_t wanted);
void CloseAttempts();

// Tries in every thread. A thread answers 0 when each way is shut; else the bit of a way that is
// open, or refused in a way that is not the drop's, times 4096, plus the errno that came.
Broadcast TryInEveryThread(uint32_t attempts, int64_t deadline_milliseconds);

}  // namespace disablenetwork
