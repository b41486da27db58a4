// SPDX-License-Identifier: MIT
#include "descriptors/kill/epoll.h"

#include <errno.h>
#include <sys/epoll.h>

#include <string_view>

#include "descriptors/list.h"
#include "kernel/proc.h"
#include "kernel/text_fields.h"

namespace disablenetwork {
namespace {

// `tfd: 19 events: 2001 data: 13 pos:0 ino:40e sdev:10`: all but the first number are hexadecimal.
bool ParseRegistration(std::string_view line, PollRegistration* registration) {
  if (!TakeLabel(&line, "tfd:") || !TakeNumber(&line, 10, &registration->fd)) return false;
  if (!TakeLabel(&line, "events:") || !TakeNumber(&line, 16, &registration->events)) return false;
  if (!TakeLabel(&line, "data:") || !TakeNumber(&line, 16, &registration->data)) return false;
  constexpr std::string_view kInode = "ino:";
  std::string_view position;
  std::string_view inode;
  if (!TakeWord(&line, &position) || !TakeWord(&line, &inode)) return true;
  if (inode.compare(0, kInode.size(), kInode) != 0) return true;
  inode.remove_prefix(kInode.size());
  return ParseNumber(inode, 16, &registration->inode);
}

}  // namespace

std::vector<PollRegistration> ParsePollRegistrations(int epoll, const std::string& information) {
  std::vector<PollRegistration> registrations;
  std::string_view lines = information;
  std::string_view line;
  while (TakeLine(&lines, &line)) {
    PollRegistration registration;
    if (ParseRegistration(line, &registration)) {
      registration.epoll = epoll;
      registrations.push_back(registration);
    }
  }
  return registrations;
}

int ListEpolls(std::vector<int>* epolls) {
  std::vector<int> numbers;
  const int error = ListDescriptorNumbers(&numbers);
  if (error < 0) return error;
  epolls->clear();
  for (const int fd : numbers) {
    if (ReadDescriptorLink(fd) == "anon_inode:[eventpoll]") epolls->push_back(fd);
  }
  return 0;
}

int ListPollRegistrations(const std::vector<int>& epolls,
                          std::vector<PollRegistration>* registrations) {
  registrations->clear();
  for (const int epoll : epolls) {
    std::string text;
    const int error = ReadProcFile("/proc/thread-self/fdinfo/" + std::to_string(epoll), &text);
    if (error < 0 && error != -ENOENT) return error;
    const auto found = ParsePollRegistrations(epoll, text);
    registrations->insert(registrations->end(), found.begin(), found.end());
  }
  return 0;
}

int AddPollRegistration(const PollRegistration& registration) {
  epoll_event event = {};
  // The kernel refuses this flag for an epoll, which is what a quiet placeholder is.
  event.events = registration.events & ~static_cast<uint32_t>(EPOLLEXCLUSIVE);
  event.data.u64 = registration.data;
  const int result = epoll_ctl(registration.epoll, EPOLL_CTL_ADD, registration.fd, &event);
  return result < 0 && errno != EEXIST ? -errno : 0;
}

void RemovePollRegistration(const PollRegistration& registration) {
  epoll_event unused = {};  // A null pointer was refused before Linux 2.6.9.
  epoll_ctl(registration.epoll, EPOLL_CTL_DEL, registration.fd, &unused);
}

}  // namespace disablenetwork
