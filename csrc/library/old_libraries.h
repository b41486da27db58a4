// SPDX-License-Identifier: MIT
// One file is to load beside glibc since 2018 (2.28), where Node 20 to 24 run, and beside musl.
// glibc's headers give some calls symbols that the others lack: what stands here does without.
// pthread_sigmask() has one of 2.32, so sigprocmask() stands in its place: on Linux it is the same
// call.
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

namespace disablenetwork {

// fstat() without its symbol, which is of glibc 2.33; returns 0 or -errno.
int ReadFileStatus(int fd, struct stat* status) noexcept;

// fstatat() in the same way.
int ReadStatusAt(int directory, const char* path, int flags, struct stat* status) noexcept;

// major() and minor(), which are functions of glibc's alone. Both libraries lay a device number out
// alike, as the kernel does (new_encode_dev() in linux/kdev_t.h).
constexpr unsigned int DeviceMajor(dev_t device) noexcept {
  return static_cast<unsigned int>((device >> 8 & 0xfff) | (device >> 32 & 0xfffff000));
}

constexpr unsigned int DeviceMinor(dev_t device) noexcept {
  return static_cast<unsigned int>((device & 0xff) | (device >> 12 & 0xffffff00));
}

}  // namespace disablenetwork
