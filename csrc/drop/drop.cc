// SPDX-License-Identifier: MIT
#include "drop/drop.h"

#include <errno.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <algorithm>
#include <atomic>
#include <memory>

#include "kernel/syscall.h"
#include "library/clock.h"
#include "rings/seal.h"
#include "seccomp/install.h"
#include "seccomp/policy.h"
#include "seccomp/rules.h"
#include "threads/hold.h"
#include "threads/once.h"
#include "threads/operations.h"
#include "uapi/linux/disablenetwork.h"

namespace disablenetwork {
namespace {

// For all threads of JavaScript that share this copy of the addon.
// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables)
char unfinished_reason[1024];
std::atomic<bool> has_reason{false};
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)

constexpr int64_t kPatienceMilliseconds = 1000;

class Drop {
 public:
  Drop(const DropOrder& order, int64_t deadline) : order_(order), deadline_(deadline) {}

  DropOutcome Run() {
    if (Make() && Hold() && Try() && HasTime()) Apply();
    hold_.reset();
    return outcome_;
  }

  // Whether another attempt may come further: a ring was made or used in just this moment.
  bool IsPassing() const {
    const bool is_ring =
        outcome_.failed == DropStep::kListRings || outcome_.failed == DropStep::kPrepareRings;
    return is_ring && !outcome_.has_changed &&
           (outcome_.result == -EAGAIN || outcome_.result == -EBUSY || outcome_.result == -ENOMEM);
  }

 private:
  bool Check(DropStep step, long result) {
    if (result == 0) return true;
    outcome_.result = static_cast<int>(result);
    outcome_.failed = step;
    return false;
  }

  // What allocates: nobody is held yet.
  bool Make() {
    if (order_.has_filter) {
      program_ = BuildSeccompProgram(order_.policy);
      if (!Check(DropStep::kFilter, program_.empty() ? -EINVAL : 0)) return false;
    }
    if (order_.seal_rings && !Check(DropStep::kListRings, seal_.Make(OtherRings()))) return false;
    if (HasLandlock() || order_.seal_rings) hold_ = std::make_unique<ThreadHold>(deadline_);
    return true;
  }

  RingSeal::Others OtherRings() const {
    return order_.every_ring ? RingSeal::Others::kNone : RingSeal::Others::kStay;
  }

  bool HasLandlock() const { return order_.landlock.network != 0 || order_.landlock.scoped != 0; }

  bool Hold() {
    if (hold_ == nullptr || Check(DropStep::kHoldThreads, hold_->Begin())) return true;
    outcome_.thread = hold_->failed_thread();
    return false;
  }

  bool RunInEach(DropStep step, ThreadOperation operation, long argument) {
    if (Check(step, std::min(hold_->RunInEach(operation, argument), 0))) return true;
    outcome_.thread = hold_->failed_thread();
    return false;
  }

  // Nothing changes here.
  bool Try() {
    if (HasLandlock() && !RunInEach(DropStep::kTryRuleset, TryRuleset, Pack(order_.landlock))) {
      return false;
    }
    return !order_.seal_rings || Check(DropStep::kPrepareRings, seal_.Prepare());
  }

  // What has begun gets the time to end, however late it is.
  bool HasTime() {
    const int64_t now = NowMilliseconds();
    if (!Check(DropStep::kHoldThreads, now > deadline_ ? -ETIMEDOUT : 0)) return false;
    if (hold_ != nullptr) hold_->Extend(now + kPatienceMilliseconds);
    return true;
  }

  // The filter comes first: it reaches all threads at once or none, and says that a drop has begun.
  bool Apply() { return Filter() && Seal() && Patch() && Restrict(); }

  // A thread of its own sets no_new_privs for itself, which the filter needs, and the kernel takes
  // it to all threads together with the filter. When the filter is refused, it goes with its
  // thread.
  bool Filter() {
    if (!order_.has_filter) return true;
    DropStep step = DropStep::kNoNewPrivileges;
    const int result = RunInNewThread([&] {
      const int no_new_privileges = SetNoNewPrivileges(0);
      if (no_new_privileges < 0) return no_new_privileges;
      step = DropStep::kFilter;
      return InstallProgramOnAllThreads(program_);
    });
    if (!Check(step, result)) return false;
    outcome_.has_changed = true;
    return true;
  }

  bool Seal() {
    if (!order_.seal_rings) return true;
    if (!Check(DropStep::kReplaceRings, seal_.Replace())) return false;
    has_sealed_ = true;
    return true;
  }

  bool Patch() {
    if (!order_.kernel_patch) return true;
    if (!Check(DropStep::kNoSuid, RawSyscall(SYS_prctl, PR_SET_NOSUID, 1))) return false;
    outcome_.has_changed = true;
    return Check(DropStep::kNetwork, RawSyscall(SYS_prctl, PR_SET_NETWORK, PR_NETWORK_OFF));
  }

  bool Restrict() {
    if (!HasLandlock()) return true;
    outcome_.has_changed = true;
    return RunInEach(DropStep::kLandlock, RestrictThread, Pack(order_.landlock));
  }

 public:
  // To be called when nobody is held any more.
  const std::vector<int>* sealed() const { return has_sealed_ ? &seal_.descriptors() : nullptr; }

 private:
  const DropOrder& order_;
  const int64_t deadline_;
  std::vector<sock_filter> program_;
  RingSeal seal_;
  bool has_sealed_ = false;
  DropOutcome outcome_;
  std::unique_ptr<ThreadHold> hold_;
};

}  // namespace

DropOutcome BeginDrop(const DropOrder& order, int64_t deadline_milliseconds) {
  for (;;) {
    Drop drop(order, deadline_milliseconds);
    DropOutcome outcome = drop.Run();
    if (drop.sealed() != nullptr) outcome.sealed = *drop.sealed();
    if (!drop.IsPassing() || NowMilliseconds() >= deadline_milliseconds) return outcome;
    // The kernel gives the memory of rings that were closed back a moment later.
    SleepBriefly();
  }
}

int FinishDrop(uint32_t policy) { return InstallOnAllThreads(BuildStatusProgram(policy)); }

int MarkUnfinished(const char* reason) {
  if (!has_reason.load()) {
    (void)snprintf(unfinished_reason, sizeof unfinished_reason, "%s", reason);
    has_reason.store(true);
  }
  constexpr auto kAnswer = -static_cast<long>(kStatusUnfinished);
  if (RawSyscall(SYS_prctl, PR_GET_NETWORK) == kAnswer) return 0;
  return InstallOnAllThreads(BuildUnfinishedProgram());
}

const char* UnfinishedReason() { return has_reason.load() ? unfinished_reason : nullptr; }

}  // namespace disablenetwork
