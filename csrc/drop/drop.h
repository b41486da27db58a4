// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

#include "landlock.h"

namespace disablenetwork {

// What puts the drop in force. The process's lock is held from before the plan to the end.
struct DropOrder {
  bool kernel_patch = false;
  // Bits of SeccompPolicy.
  bool has_filter = false;
  uint32_t policy = 0;
  bool seal_rings = false;
  // No ring may be left as it is: none is accepted, and none is closed afterwards.
  bool every_ring = false;
  // Nothing handled and nothing scoped: no Landlock.
  LandlockRules landlock;
};

// The steps in their order; each has a name in lib/drop/commit.ts.
enum class DropStep : int {
  kNone,
  kListRings,
  kHoldThreads,
  kTryRuleset,
  kPrepareRings,
  kNoNewPrivileges,
  kFilter,
  kReplaceRings,
  kNoSuid,
  kNetwork,
  kLandlock,
};

struct DropOutcome {
  // 0, -errno, or for the filter the tid of a thread whose filters differ from the caller's.
  int result = 0;
  DropStep failed = DropStep::kNone;
  // Of the thread that failed or was silent, else 0.
  pid_t thread = 0;
  // Something has changed that cannot be taken back.
  bool has_changed = false;
  // Descriptors of the rings that the kernel restricts now.
  std::vector<int> sealed;
};

// Puts everything in force, but for the last word: that is FinishDrop()'s. All that may fail is
// tried before anything changes. Where each thread has to act by itself, or rings are exchanged,
// every other thread is held meanwhile: none forks a child that has one half, none opens a socket.
DropOutcome BeginDrop(const DropOrder& order, int64_t deadline_milliseconds);

// Makes the kernel answer PR_GET_NETWORK with the policy: the drop is in force. To be called when
// everything has been tried. 0, -errno, or the tid of a thread whose filters differ.
int FinishDrop(uint32_t policy);

// Makes every later call know that a drop failed halfway, and why. The kernel says so already when
// the filter is there; else a filter that only says so is installed, for other copies of this addon
// and for children. 0 or as FinishDrop(). The first reason stays.
int MarkUnfinished(const char* reason);

// The reason; null when nothing has failed in this process.
const char* UnfinishedReason();

}  // namespace disablenetwork
