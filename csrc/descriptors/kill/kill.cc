// SPDX-License-Identifier: MIT
// The owner of a killed descriptor, most of the time an event loop, knows nothing of it and goes on
// using the number: to read and write, to tell its epoll what to watch, and at last to close it.
//
// The kernel drops a file's epoll registrations when the file goes. libuv changes a registration
// with EPOLL_CTL_MOD and aborts the process when there is none, so the placeholder must be
// registered from the first moment at which it can be found under the number, for the owner may be
// another thread. A registration belongs to a file and a number, and epoll_ctl() takes both from
// the caller's descriptor table. Hence a process with a copy of the table, in which the placeholder
// is there already, registers it; only then is it put into the real table.
//
// Where another process holds the same file, its registration outlives its descriptor here, and
// reports events that nobody can explain. A second copy of the table, in which the old file is
// still there, removes it.
#include "descriptors/kill/kill.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <map>

#include "descriptors/kill/epoll.h"
#include "descriptors/kill/placeholder.h"
#include "descriptors/kill/waiters.h"
#include "kernel/proc.h"
#include "library/old_libraries.h"
#include "processes/table_copy.h"

namespace disablenetwork {
namespace {

// Each takes three descriptors for the moment.
constexpr size_t kMostAtOnce = 256;

// Every thread's copy of the library asks why a socket is none any more.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
std::atomic<bool> has_killed{false};

struct Victim {
  KillTarget* target = nullptr;
  // Keeps the old file until everything is in place.
  int old_file = -1;
  ino_t inode = 0;
  Placeholder placeholder;
  // Its owner closed it in the meantime.
  bool gone = false;
};

// With SO_LINGER the last close waits for the other side.
bool Lingers(int fd) {
  linger option = {};
  socklen_t length = sizeof option;
  return getsockopt(fd, SOL_SOCKET, SO_LINGER, &option, &length) == 0 && option.l_onoff != 0;
}

// A process that ends does not linger (net/ipv4/af_inet.c, inet_release), so one with a copy of the
// table closes last. To switch SO_LINGER off would reach other processes that share the socket.
void CloseOldFiles(const std::vector<Victim>& victims) {
  const auto close_all = [&] {
    for (const Victim& victim : victims) close(victim.old_file);
  };
  const bool one_lingers = std::any_of(victims.begin(), victims.end(), [](const Victim& victim) {
    return Lingers(victim.old_file);
  });
  if (!one_lingers || RunBesideCopiedTable(close_all) < 0) close_all();
}

// An answer of 0 without an old file means that there is nothing to kill any more.
int Prepare(KillTarget* target, Victim* victim) {
  victim->target = target;
  victim->old_file = fcntl(target->fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  if (victim->old_file < 0) return errno == EBADF ? 0 : -errno;
  struct stat status = {};
  if (ReadDescriptorLink(victim->old_file) != target->link ||
      ReadFileStatus(victim->old_file, &status) < 0) {
    close(victim->old_file);
    victim->old_file = -1;
    return 0;
  }
  victim->inode = status.st_ino;
  return MakePlaceholder(victim->old_file, &victim->placeholder);
}

int ListRegistrationsOf(const std::vector<Victim>& victims, const std::vector<int>& epolls,
                        std::vector<PollRegistration>* registrations) {
  std::map<int, ino_t> inodes;
  for (const Victim& victim : victims) {
    if (!victim.gone) inodes.emplace(victim.target->fd, victim.inode);
  }
  std::vector<PollRegistration> all;
  const int error = ListPollRegistrations(epolls, &all);
  if (error < 0) return error;
  registrations->clear();
  for (const PollRegistration& registration : all) {
    const auto found = inodes.find(registration.fd);
    if (found == inodes.end()) continue;
    if (registration.inode != 0 && registration.inode != found->second) continue;
    registrations->push_back(registration);
  }
  return 0;
}

int RegisterPlaceholders(const std::vector<Victim>& victims,
                         const std::vector<PollRegistration>& registrations) {
  int result = 0;
  const int error = RunWithCopiedTable([&] {
    for (const Victim& victim : victims) dup3(victim.placeholder.fd, victim.target->fd, O_CLOEXEC);
    for (const PollRegistration& registration : registrations) {
      const int answer = AddPollRegistration(registration);
      if (answer < 0) result = answer;
    }
  });
  return error < 0 ? error : result;
}

int PutInPlace(Victim* victim) {
  const int fd = victim->target->fd;
  const int flags = fcntl(fd, F_GETFD);
  victim->gone = flags < 0 || ReadDescriptorLink(fd) != victim->target->link;
  if (victim->gone) return 0;
  const int close_on_exec = (flags & FD_CLOEXEC) != 0 ? O_CLOEXEC : 0;
  while (dup3(victim->placeholder.fd, fd, close_on_exec) < 0) {
    if (errno != EINTR && errno != EBUSY) return -errno;
  }
  has_killed = true;
  return 0;
}

// What the owners registered at the last moment is made up for; then the old ones go.
void UnregisterOldFiles(const std::vector<Victim>& victims,
                        const std::vector<PollRegistration>& registrations) {
  for (const PollRegistration& registration : registrations) AddPollRegistration(registration);
  RunWithCopiedTable([&] {
    for (const Victim& victim : victims) dup3(victim.old_file, victim.target->fd, O_CLOEXEC);
    for (const PollRegistration& registration : registrations) {
      RemovePollRegistration(registration);
    }
  });
}

int Replace(std::vector<Victim>* victims, const std::vector<int>& epolls) {
  std::vector<PollRegistration> registrations;
  int error = ListRegistrationsOf(*victims, epolls, &registrations);
  if (error == 0 && !registrations.empty()) error = RegisterPlaceholders(*victims, registrations);
  if (error < 0) return error;
  for (Victim& victim : *victims) victim.target->result = PutInPlace(&victim);
  // Should the second look fail, the first one holds all but the newest registrations.
  ListRegistrationsOf(*victims, epolls, &registrations);
  if (!registrations.empty()) UnregisterOldFiles(*victims, registrations);
  return 0;
}

void ReleaseWaitersOf(const std::vector<Victim>& victims, int64_t deadline_milliseconds) {
  std::vector<int> fds;
  for (const Victim& victim : victims) {
    if (!victim.gone) fds.push_back(victim.target->fd);
  }
  const int result = ReleaseWaiters(fds, deadline_milliseconds);
  for (const Victim& victim : victims) {
    if (result < 0 && victim.target->result == 0) victim.target->result = result;
  }
}

// All or none: nothing is put in place before everything is prepared.
int KillTogether(KillTarget* targets, size_t count, const std::vector<int>& epolls,
                 int64_t deadline_milliseconds) {
  std::vector<Victim> victims;
  int error = 0;
  for (size_t index = 0; index < count && error == 0; ++index) {
    Victim victim;
    error = Prepare(&targets[index], &victim);
    if (victim.old_file >= 0) victims.push_back(victim);
  }
  if (error == 0 && !victims.empty()) error = Replace(&victims, epolls);
  for (const Victim& victim : victims) FinishPlaceholder(victim.placeholder);
  if (error == 0) ReleaseWaitersOf(victims, deadline_milliseconds);
  CloseOldFiles(victims);
  return error;
}

}  // namespace

bool HasKilledDescriptors() { return has_killed; }

void KillDescriptors(std::vector<KillTarget>* targets, int64_t deadline_milliseconds) {
  std::vector<int> epolls;
  const int error = targets->empty() ? 0 : ListEpolls(&epolls);
  if (error < 0) {
    for (KillTarget& target : *targets) target.result = error;
    return;
  }
  size_t at_once = kMostAtOnce;
  for (size_t index = 0; index < targets->size();) {
    const size_t count = std::min(at_once, targets->size() - index);
    KillTarget* first = &(*targets)[index];
    const int result = KillTogether(first, count, epolls, deadline_milliseconds);
    if (result < 0 && count > 1) {
      // When descriptors run out, fewer at once may still do.
      at_once = count / 2;
      continue;
    }
    if (result < 0) first->result = result;
    index += count;
  }
}

}  // namespace disablenetwork
