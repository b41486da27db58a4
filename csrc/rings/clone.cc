// SPDX-License-Identifier: MIT
#include "rings/clone.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/syscall.h"

namespace disablenetwork {
namespace {

uint32_t Load(const RingArea& area, uint32_t offset) {
  return __atomic_load_n(RingField(area, offset), __ATOMIC_ACQUIRE);
}

void Store(const RingArea& area, uint32_t offset, uint32_t value) {
  __atomic_store_n(RingField(area, offset), value, __ATOMIC_RELEASE);
}

}  // namespace

RingClone::~RingClone() {
  if (queues_.start != nullptr) munmap(queues_.start, queues_.length);
  if (entries_.start != nullptr) munmap(entries_.start, entries_.length);
  if (fd_ >= 0) RawSyscall(SYS_close, fd_);
  if (original_file_ >= 0) RawSyscall(SYS_close, original_file_);
}

int RingClone::Make(const Ring& original) {
  original_ = &original;
  io_uring_params parameters = {};
  // Restrictions can be set only on a ring that has not been enabled yet (io_uring_register(2)).
  parameters.flags = IORING_SETUP_R_DISABLED;
  fd_ = static_cast<int>(RawSyscall(SYS_io_uring_setup, kLibuvEntries, Address(&parameters)));
  if (fd_ < 0) return fd_;
  layout_ = {parameters.sq_off, parameters.cq_off, parameters.sq_entries, parameters.cq_entries};
  const int error = Restrict();
  if (error < 0) return error;
  original_file_ = static_cast<int>(
      RawSyscall(SYS_fcntl, original.descriptors.front(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  // Its owner has ended it since the rings were listed.
  if (original_file_ == -EBADF) return -EAGAIN;
  if (original_file_ < 0) return original_file_;
  const size_t array_end = layout_.submission.array + layout_.submissions * sizeof(uint32_t);
  if (original.queues.length < array_end) return -EBUSY;
  queues_ = {MapRing(fd_, original.queues.length, IORING_OFF_SQ_RING), original.queues.length};
  entries_ = {MapRing(fd_, original.entries.length, IORING_OFF_SQES), original.entries.length};
  return queues_.start == nullptr || entries_.start == nullptr ? -ENOMEM : 0;
}

int RingClone::Restrict() const {
  io_uring_restriction only_epoll = {};
  only_epoll.opcode = IORING_RESTRICTION_SQE_OP;
  only_epoll.sqe_op = IORING_OP_EPOLL_CTL;
  const long result =
      RawSyscall(SYS_io_uring_register, fd_, IORING_REGISTER_RESTRICTIONS, Address(&only_epoll), 1);
  if (result < 0) return static_cast<int>(result);
  return static_cast<int>(RawSyscall(SYS_io_uring_register, fd_, IORING_REGISTER_ENABLE_RINGS));
}

// Lets submissions through that change nothing: they take something out of no epoll at all.
int RingClone::Advance(uint32_t count) {
  auto* entries = reinterpret_cast<io_uring_sqe*>(entries_.start);
  uint32_t* indexes = RingField(queues_, layout_.submission.array);
  memset(entries, 0, layout_.submissions * sizeof *entries);
  for (uint32_t index = 0; index < layout_.submissions; ++index) {
    indexes[index] = index;
    entries[index].opcode = IORING_OP_EPOLL_CTL;
    entries[index].fd = -1;
    entries[index].len = EPOLL_CTL_DEL;
  }
  for (uint32_t left = count; left > 0;) {
    const uint32_t now = left < layout_.submissions ? left : layout_.submissions;
    Store(queues_, layout_.submission.tail, Load(queues_, layout_.submission.tail) + now);
    const long entered =
        RawSyscall(SYS_io_uring_enter, fd_, now, now, IORING_ENTER_GETEVENTS, 0, 0);
    if (entered != static_cast<long>(now)) return entered < 0 ? static_cast<int>(entered) : -EIO;
    Store(queues_, layout_.completion.head, Load(queues_, layout_.completion.tail));
    left -= now;
  }
  return 0;
}

// libuv writes the array once, submission after submission, or (IORING_SETUP_NO_SQARRAY) asks for a
// ring without one, where it stays zero. The clone has the first kind, which does for both.
bool RingClone::SubmitsInOrder(const RingArea& queues) const {
  const uint32_t* indexes = RingField(queues, layout_.submission.array);
  bool in_order = true;
  bool all_zero = true;
  for (uint32_t index = 0; index < layout_.submissions; ++index) {
    in_order = in_order && indexes[index] == index;
    all_zero = all_zero && indexes[index] == 0;
  }
  return in_order || all_zero;
}

// libuv may have been stopped anywhere, with a counter in a register. So every counter gets the
// very value that it had, and what waits in the queues is copied along.
int RingClone::CopyState() {
  const RingArea& old = original_->queues;
  const io_sqring_offsets& submission = layout_.submission;
  const io_cqring_offsets& completion = layout_.completion;
  const uint32_t passed = Load(old, submission.head);
  const uint32_t pending = Load(old, submission.tail) - passed;
  const uint32_t unread = Load(old, completion.tail) - Load(old, completion.head);
  const bool is_known = Load(old, submission.ring_mask) == layout_.submissions - 1 &&
                        Load(old, completion.ring_mask) == layout_.completions - 1 &&
                        Load(old, submission.flags) == 0 && Load(old, submission.dropped) == 0 &&
                        Load(old, completion.overflow) == 0;
  if (!is_known || passed > kMostPassed || pending > layout_.submissions ||
      unread > layout_.completions || Load(old, completion.tail) != passed ||
      !SubmitsInOrder(old)) {
    return -EBUSY;
  }
  const int error = Advance(passed);
  if (error < 0) return error;
  memcpy(queues_.start + completion.cqes, old.start + completion.cqes,
         layout_.completions * sizeof(io_uring_cqe));
  memcpy(entries_.start, original_->entries.start, layout_.submissions * sizeof(io_uring_sqe));
  Store(queues_, completion.head, Load(old, completion.head));
  Store(queues_, submission.tail, passed + pending);
  return 0;
}

int RingClone::Prepare() {
  int error = CopyState();
  if (error == 0) {
    error = queues_place_.Reserve(fd_, original_->queues, IORING_OFF_SQ_RING);
  }
  if (error == 0) error = entries_place_.Reserve(fd_, original_->entries, IORING_OFF_SQES);
  return error;
}

int RingClone::PointDescriptors(int ring) const {
  constexpr int kMostTries = 1000;
  for (const int descriptor : original_->descriptors) {
    long result = -EINTR;
    for (int attempt = 0; attempt < kMostTries && (result == -EINTR || result == -EBUSY);
         ++attempt) {
      result = RawSyscall(SYS_dup3, ring, descriptor, O_CLOEXEC);
    }
    if (result < 0) return static_cast<int>(result);
  }
  return 0;
}

// The descriptors come first: there is a way back from them.
int RingClone::Replace() {
  int error = PointDescriptors(fd_);
  if (error == 0) error = queues_place_.Take();
  if (error < 0) {
    PointDescriptors(original_file_);
    return error;
  }
  return entries_place_.Take();
}

}  // namespace disablenetwork
