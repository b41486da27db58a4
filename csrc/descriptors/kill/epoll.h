// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace disablenetwork {

// That one epoll watches one descriptor: what a placeholder needs to be watched in its stead.
struct PollRegistration {
  int epoll = -1;
  int fd = -1;
  uint32_t events = 0;
  uint64_t data = 0;
  // Of the watched file; zero before Linux 4.15, which does not say.
  ino_t inode = 0;
};

// The epolls in the calling thread's table: 0 or -errno.
int ListEpolls(std::vector<int>* epolls);

// Every registration of these epolls, or -errno; one that was closed meanwhile has none.
int ListPollRegistrations(const std::vector<int>& epolls,
                          std::vector<PollRegistration>* registrations);

// The registrations in one epoll's /proc/PID/fdinfo/N. Lines that are not understood are left out.
std::vector<PollRegistration> ParsePollRegistrations(int epoll, const std::string& information);

// Watches the descriptor as the registration says: 0 or -errno. Already watched is a success.
int AddPollRegistration(const PollRegistration& registration);
void RemovePollRegistration(const PollRegistration& registration);

}  // namespace disablenetwork
