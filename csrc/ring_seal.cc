// SPDX-License-Identifier: MIT
#include "ring_seal.h"

#include <errno.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

#include "ring.h"
#include "ring_clone.h"
#include "seccomp_install.h"
#include "seccomp_rules.h"
#include "thread_hold.h"

namespace disablenetwork {
namespace {

int ListBatching(std::vector<Ring>* rings) {
  const int error = ListRings(rings);
  if (error < 0) return error;
  rings->erase(std::remove_if(rings->begin(), rings->end(),
                              [](const Ring& ring) { return !IsBatchingRing(ring); }),
               rings->end());
  return 0;
}

// A thread that starts an event loop just now makes one more attempt necessary; it cannot go on so.
constexpr int kMostAttempts = 64;
constexpr useconds_t kPause = 5000;  // Microseconds.

class Seal {
 public:
  // May allocate: nobody is held yet.
  int Prepare() {
    int error = ListBatching(&rings_);
    if (error == 0) error = ListRings(&all_);
    for (const Ring& ring : all_) {
      known_.insert(known_.end(), ring.descriptors.begin(), ring.descriptors.end());
    }
    for (const Ring& ring : rings_) {
      if (error < 0) break;
      clones_.push_back(std::make_unique<RingClone>());
      error = clones_.back()->Make(ring);
      descriptors_.insert(descriptors_.end(), ring.descriptors.begin(), ring.descriptors.end());
    }
    own_.reserve(clones_.size());
    for (const auto& clone : clones_) own_.push_back(clone->descriptor());
    return error;
  }

  // -EAGAIN when a ring has been made since, and nothing is replaced.
  int Replace() {
    if (HasUnknownRing()) return -EAGAIN;
    has_begun_ = true;
    for (const auto& clone : clones_) {
      const int error = clone->Replace();
      if (error < 0) return error;
    }
    return 0;
  }

  const std::vector<int>& descriptors() const { return descriptors_; }
  bool HasRings() const { return !rings_.empty(); }
  // Whether any ring may have been replaced.
  bool has_begun() const { return has_begun_; }

 private:
  bool HasUnknownRing() const {
    return AnyRingDescriptor([this](int fd) {
      return std::find(known_.begin(), known_.end(), fd) == known_.end() &&
             std::find(own_.begin(), own_.end(), fd) == own_.end();
    });
  }

  std::vector<Ring> rings_;
  std::vector<Ring> all_;
  std::vector<int> known_;
  std::vector<int> own_;
  std::vector<int> descriptors_;
  std::vector<std::unique_ptr<RingClone>> clones_;
  bool has_begun_ = false;
};

}  // namespace

// All clones at once: rings count towards the user's RLIMIT_MEMLOCK (ENOMEM), and a kernel that
// cannot restrict a ring says so when one is made.
int ListSealableRings(std::vector<int>* descriptors) {
  descriptors->clear();
  Seal seal;
  const int error = seal.Prepare();
  if (error == 0) *descriptors = seal.descriptors();
  // A ring that cannot be sealed is a residual, which is not for here to judge.
  return seal.HasRings() ? 0 : error;
}

int SealRingsAndInstallSeccomp(uint32_t policy, int timeout_milliseconds,
                               std::vector<int>* sealed) {
  std::vector<sock_filter> program = BuildSeccompProgram(policy);
  sealed->clear();
  int result = -EAGAIN;
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    Seal seal;
    result = seal.Prepare();
    if (result == 0) {
      int outcome = 0;
      result = RunWhileOthersAreHeld(timeout_milliseconds, [&] {
        outcome = seal.Replace();
        if (outcome == 0) outcome = InstallProgramOnAllThreads(program);
      });
      if (result == 0) result = outcome;
      if (seal.has_begun()) *sealed = seal.descriptors();
    }
    if (result != -EAGAIN && result != -ENOMEM) break;
    if (seal.has_begun()) break;
    // The kernel gives the memory of rings that were closed back a moment later.
    if (result == -ENOMEM) usleep(kPause);
  }
  return result;
}

}  // namespace disablenetwork
