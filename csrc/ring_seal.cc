// SPDX-License-Identifier: MIT
#include "ring_seal.h"

#include <errno.h>

#include <algorithm>

namespace disablenetwork {

int RingSeal::Make() {
  const int error = ListRings(&rings_);
  if (error < 0) return error;
  for (const Ring& ring : rings_) {
    known_.insert(known_.end(), ring.descriptors.begin(), ring.descriptors.end());
  }
  rings_.erase(std::remove_if(rings_.begin(), rings_.end(),
                              [](const Ring& ring) { return !IsBatchingRing(ring); }),
               rings_.end());
  for (const Ring& ring : rings_) {
    clones_.push_back(std::make_unique<RingClone>());
    const int made = clones_.back()->Make(ring);
    if (made < 0) return made;
    descriptors_.insert(descriptors_.end(), ring.descriptors.begin(), ring.descriptors.end());
  }
  return 0;
}

bool RingSeal::HasUnknownRing() const {
  return AnyRingDescriptor([this](int fd) {
    return std::find(known_.begin(), known_.end(), fd) == known_.end() &&
           std::none_of(clones_.begin(), clones_.end(),
                        [fd](const auto& clone) { return clone->Owns(fd); });
  });
}

int RingSeal::Prepare() {
  if (HasUnknownRing()) return -EAGAIN;
  for (const auto& clone : clones_) {
    const int error = clone->Prepare();
    if (error < 0) return error;
  }
  return 0;
}

int RingSeal::Replace() {
  for (const auto& clone : clones_) {
    const int error = clone->Replace();
    if (error < 0) return error;
  }
  return 0;
}

// All clones at once: rings count towards the user's RLIMIT_MEMLOCK (ENOMEM), and a kernel that
// cannot restrict a ring says so when one is made.
int ListSealableRings(std::vector<int>* descriptors) {
  descriptors->clear();
  RingSeal seal;
  const int error = seal.Make();
  if (error == 0) *descriptors = seal.descriptors();
  // A ring that cannot be sealed is a residual, which is not for here to judge.
  return seal.HasRings() ? 0 : error;
}

}  // namespace disablenetwork
