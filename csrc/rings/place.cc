// SPDX-License-Identifier: MIT
#include "rings/place.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/syscall.h"

// Newer than the headers of old systems; the number is ABI.
#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

namespace disablenetwork {
namespace {

// More free places of the size than a process has on the way to the one that is wanted.
constexpr size_t kMostFillers = 1U << 14;
constexpr int kMostTries = 1000;

bool IsError(long address) { return address < 0 && address > -4096; }

long MapNothing(char* start, size_t length, int flags) noexcept {
  return RawSyscall(SYS_mmap, Address(start), static_cast<long>(length), PROT_NONE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | flags, -1, 0);
}

long Unmap(char* start, size_t length) noexcept {
  return RawSyscall(SYS_munmap, Address(start), static_cast<long>(length));
}

}  // namespace

char* MapRing(int ring, size_t length, uint64_t offset) noexcept {
  const long address = RawSyscall(SYS_mmap, 0, static_cast<long>(length), PROT_READ | PROT_WRITE,
                                  MAP_SHARED | MAP_POPULATE, ring, static_cast<long>(offset));
  return IsError(address) ? nullptr : reinterpret_cast<char*>(address);
}

RingPlace::RingPlace() : page_(static_cast<size_t>(sysconf(_SC_PAGESIZE))) {
  fillers_.reserve(kMostFillers);
}

RingPlace::~RingPlace() {
  if (spare_ != nullptr) Unmap(spare_, area_.length);
  for (const RingArea& filler : fillers_) Unmap(filler.start, filler.length);
}

void RingPlace::Keep(char* start, size_t length) { fillers_.push_back({start, length}); }

// Until the kernel has passed the area. It searches downwards as a rule, and upwards for a process
// without a limit of its stack (mmap(2) does not say; arch_pick_mmap_layout() in mm/util.c): two
// mappings in a row tell.
int RingPlace::Fill() {
  char* previous = nullptr;
  while (fillers_.size() + 4 < kMostFillers) {
    const long address = MapNothing(nullptr, area_.length, 0);
    if (IsError(address)) return static_cast<int>(address);
    char* const start = reinterpret_cast<char*>(address);
    Keep(start, area_.length);
    const bool goes_down = previous != nullptr && start < previous;
    const bool goes_up = previous != nullptr && start > previous;
    if ((goes_down && start < area_.start) || (goes_up && start > area_.start)) {
      // Passed: this place comes after the area's, and need not be filled.
      fillers_.pop_back();
      return static_cast<int>(Unmap(start, area_.length));
    }
    previous = start;
  }
  return -ENOMEM;
}

// What is free just beside the area would join its place, and the mapping land at the wrong end.
int RingPlace::Guard(char* page) {
  const long address = MapNothing(page, page_, MAP_FIXED_NOREPLACE);
  if (address == -EEXIST) return 0;
  if (IsError(address)) return static_cast<int>(address);
  Keep(reinterpret_cast<char*>(address), page_);
  // Before Linux 4.17 the flag is not known and the address a wish.
  return address == Address(page) ? 0 : -EBUSY;
}

int RingPlace::Reserve(int ring, const RingArea& area, uint64_t offset) {
  ring_ = ring;
  area_ = area;
  offset_ = offset;
  const long spare = RawSyscall(SYS_mmap, 0, static_cast<long>(area.length), PROT_READ | PROT_WRITE,
                                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (IsError(spare)) return static_cast<int>(spare);
  spare_ = reinterpret_cast<char*>(spare);
  int error = Guard(area.start + area.length);
  if (error == 0) error = Guard(area.start - page_);
  if (error == 0) error = Fill();
  return error;
}

int RingPlace::Take() {
  long result = -EINTR;
  for (int attempt = 0; result < 0 && attempt < kMostTries; ++attempt) {
    result = Unmap(area_.start, area_.length);
  }
  if (result < 0) return static_cast<int>(result);
  for (int attempt = 0; attempt < kMostTries; ++attempt) {
    char* const place = MapRing(ring_, area_.length, offset_);
    if (place == area_.start) return 0;
    if (place == nullptr) continue;
    if (fillers_.size() == kMostFillers) break;
    Keep(place, area_.length);
  }
  // Whoever looks at the ring must find memory there, if nothing else. It is moved there, for where
  // a mapping was refused another would be refused as well.
  const long length = static_cast<long>(area_.length);
  result = RawSyscall(SYS_mremap, Address(spare_), length, length, MREMAP_MAYMOVE | MREMAP_FIXED,
                      Address(area_.start));
  if (!IsError(result)) spare_ = nullptr;
  return -ENOMEM;
}

}  // namespace disablenetwork
