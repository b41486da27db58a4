// SPDX-License-Identifier: MIT
#include "rings/ring.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include <algorithm>
#include <set>
#include <string>

#include "descriptors/list.h"
#include "kernel/directory.h"
#include "kernel/proc.h"
#include "kernel/syscall.h"
#include "library/old_libraries.h"
#include "rings/mappings.h"

namespace disablenetwork {
namespace {

int ListRingMappings(std::vector<RingMapping>* mappings) {
  return ForEachRingMapping(
      [mappings](const RingMapping& mapping) { mappings->push_back(mapping); });
}

bool HasLine(const std::string& text, const char* line) {
  return ("\n" + text).find("\n" + std::string(line) + "\n") != std::string::npos;
}

// Two rings with one inode (before Linux 5.16), or a ring that is mapped elsewhere as well: then
// the areas stay empty, and the ring is of no known kind.
void AddMappings(const std::vector<RingMapping>& mappings, Ring* ring) {
  for (const RingMapping& mapping : mappings) {
    if (mapping.inode != ring->inode) continue;
    RingArea* area = nullptr;
    if (mapping.offset == IORING_OFF_SQ_RING) area = &ring->queues;
    if (mapping.offset == IORING_OFF_SQES) area = &ring->entries;
    if (area == nullptr || area->start != nullptr) {
      ring->queues = {};
      ring->entries = {};
      return;
    }
    *area = mapping.area;
  }
}

}  // namespace

int ListRings(std::vector<Ring>* rings) {
  std::vector<int> numbers;
  std::vector<RingMapping> mappings;
  int error = ListDescriptorNumbers(&numbers);
  if (error == 0) error = ListRingMappings(&mappings);
  if (error < 0) return error;
  rings->clear();
  for (const int fd : numbers) {
    struct stat status = {};
    if (ReadDescriptorLink(fd) != "anon_inode:[io_uring]" || ReadFileStatus(fd, &status) < 0) {
      continue;
    }
    auto ring = std::find_if(rings->begin(), rings->end(),
                             [&](const Ring& known) { return known.inode == status.st_ino; });
    if (ring == rings->end()) {
      rings->emplace_back();
      ring = std::prev(rings->end());
      ring->inode = status.st_ino;
      ring->device = status.st_dev;
      AddMappings(mappings, &*ring);
    }
    ring->descriptors.push_back(fd);
  }
  return 0;
}

namespace {

int ListMappedOnly(std::set<ino_t>* inodes) {
  std::vector<Ring> rings;
  std::vector<RingMapping> mappings;
  int error = ListRings(&rings);
  if (error == 0) error = ListRingMappings(&mappings);
  if (error < 0) return error;
  for (const RingMapping& mapping : mappings) inodes->insert(mapping.inode);
  for (const Ring& ring : rings) inodes->erase(ring.inode);
  return 0;
}

}  // namespace

// A thread that starts or ends an event loop between the two lists makes its ring look so. Only
// what looks so twice is counted.
int CountMappedOnlyRings() {
  std::set<ino_t> first;
  std::set<ino_t> second;
  int error = ListMappedOnly(&first);
  if (error < 0 || first.empty()) return error;
  error = ListMappedOnly(&second);
  if (error < 0) return error;
  return static_cast<int>(std::count_if(second.begin(), second.end(),
                                        [&](ino_t inode) { return first.count(inode) != 0; }));
}

bool AnyRingDescriptor(FunctionView<bool(int)> predicate) {
  constexpr char kLink[] = "anon_inode:[io_uring]";
  const int answer = ForEachNumber("/proc/thread-self/fd", [&](int fd) {
    char path[64];
    char target[sizeof kLink] = {};
    (void)snprintf(path, sizeof path, "/proc/thread-self/fd/%d", fd);
    const long length =
        RawSyscall(SYS_readlinkat, AT_FDCWD, Address(path), Address(target), sizeof target);
    const bool is_ring = length == sizeof kLink - 1 && memcmp(target, kLink, sizeof kLink - 1) == 0;
    return is_ring && predicate(fd) ? -EEXIST : 0;
  });
  return answer < 0;
}

namespace {

// A field of fdinfo, or -1.
int64_t Number(const std::string& text, const char* name) {
  const size_t start = ("\n" + text).find("\n" + std::string(name) + ":\t");
  return start == std::string::npos ? -1
                                    : strtoll(text.c_str() + start + strlen(name) + 2, nullptr, 10);
}

// Every request has been answered. libuv waits for the answer in the very call that submits, so
// that a ring of its kind is idle but for moments.
bool IsIdle(const std::string& text) {
  const int64_t submitted = Number(text, "SqHead");
  return submitted >= 0 && submitted == Number(text, "CqTail");
}

}  // namespace

// The kernel's own words, from fdinfo (io_uring/fdinfo.c). Lines that a kernel does not print yet
// are not asked for. What else may be registered (personalities) the clone has not, and that is
// all.
bool IsBatchingRing(const Ring& ring) {
  if (ring.queues.start == nullptr || ring.entries.start == nullptr) return false;
  const std::string path = "/proc/thread-self/fdinfo/" + std::to_string(ring.descriptors.front());
  constexpr int kMostLooks = 64;
  std::string text;
  for (int look = 0; look == 0 || !IsIdle(text); ++look) {
    if (look == kMostLooks || ReadProcFile(path, &text) < 0) return false;
  }
  if (Number(text, "SqHead") > kMostPassed) return false;
  for (const char* line :
       {"SqMask:\t0xff", "CqMask:\t0x1ff", "SqThread:\t-1", "UserFiles:\t0", "UserBufs:\t0"}) {
    if (!HasLine(text, line)) return false;
  }
  return text.find("PollList:\n  op=") == std::string::npos &&
         text.find("CqOverflowList:\n  user_data=") == std::string::npos;
}

}  // namespace disablenetwork
