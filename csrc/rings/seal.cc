// SPDX-License-Identifier: MIT
#include "rings/seal.h"

#include <errno.h>

#include <algorithm>

#include "library/old_libraries.h"
#include "rings/mappings.h"

namespace disablenetwork {
namespace {

bool HasItsDescriptors(const Ring& ring) {
  return std::all_of(ring.descriptors.begin(), ring.descriptors.end(), [&ring](int fd) {
    struct stat status = {};
    return ReadFileStatus(fd, &status) == 0 && status.st_ino == ring.inode &&
           status.st_dev == ring.device;
  });
}

}  // namespace

int RingSeal::Make(Others others) {
  const int error = ListRings(&rings_);
  if (error < 0) return error;
  for (const Ring& ring : rings_) {
    known_.insert(known_.end(), ring.descriptors.begin(), ring.descriptors.end());
  }
  const auto kept = std::remove_if(rings_.begin(), rings_.end(),
                                   [](const Ring& ring) { return !IsBatchingRing(ring); });
  if (others == Others::kNone && kept != rings_.end()) return -EAGAIN;
  rings_.erase(kept, rings_.end());
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

// A Worker that has ended since the list was made has taken its ring along: the memory is gone, and
// the descriptor may be somebody else's.
bool RingSeal::AreUnchanged() const {
  const bool same_files = std::all_of(rings_.begin(), rings_.end(), HasItsDescriptors);
  size_t found = 0;
  size_t others = 0;
  const int error = ForEachRingMapping([&](const RingMapping& mapping) {
    // Before Linux 5.16 all rings have one inode, the clones too.
    const bool is_clone = std::any_of(clones_.begin(), clones_.end(), [&](const auto& clone) {
      return clone->Maps(mapping.area.start);
    });
    if (is_clone) return;
    const auto ring = std::find_if(rings_.begin(), rings_.end(),
                                   [&](const Ring& known) { return known.inode == mapping.inode; });
    if (ring == rings_.end()) return;
    const bool is_queues = mapping.offset == IORING_OFF_SQ_RING;
    const RingArea& area = is_queues ? ring->queues : ring->entries;
    const bool is_same = mapping.area.start == area.start && mapping.area.length == area.length;
    ++(is_same ? found : others);
  });
  return error == 0 && same_files && found == 2 * rings_.size() && others == 0;
}

int RingSeal::Prepare() {
  if (HasUnknownRing() || !AreUnchanged()) return -EAGAIN;
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
  const int error = seal.Make(RingSeal::Others::kStay);
  if (error == 0) *descriptors = seal.descriptors();
  // A ring that cannot be sealed is a residual, which is not for here to judge.
  return seal.HasRings() ? 0 : error;
}

}  // namespace disablenetwork
