// SPDX-License-Identifier: MIT
// Everything is asked by the names in /proc/TID/fd, which lead to the open file itself, so that one
// way of asking serves for the own table and for those of other threads.
#include "descriptors/list.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "descriptors/drivers.h"
#include "kernel/directory.h"
#include "kernel/proc.h"
#include "library/old_libraries.h"

namespace disablenetwork {
namespace {

// thread-self, not self: a thread that called unshare(CLONE_FILES) has a table of its own.
constexpr char kOwnTable[] = "/proc/thread-self/fd";

bool IsGone(int error) { return error == -ENOENT || error == -ESRCH; }

// A folder of descriptors, open so that each name in it is one step away.
class Table {
 public:
  explicit Table(const std::string& path)
      : path_(path), fd_(open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)), error_(-errno) {}
  ~Table() {
    if (fd_ >= 0) close(fd_);
  }
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  int error() const { return fd_ < 0 ? error_ : 0; }
  bool IsMine(int fd) const { return fd == fd_; }

  // 0 or -errno; IsGone() when the descriptor was closed meanwhile.
  int Describe(const DriverNames& drivers, DescriptorDetails* details) const {
    const std::string name = std::to_string(details->fd);
    const int error = ReadLinkAndMode(name, details);
    if (error < 0) return error;
    const auto type = static_cast<mode_t>(details->mode < 0 ? 0 : details->mode);
    // Not by the file type alone: a socket's name in the file system has it, too, opened with
    // O_PATH.
    details->is_socket =
        details->link.rfind("socket:[", 0) == 0 && (details->mode < 0 || S_ISSOCK(type));
    if (S_ISCHR(type)) details->driver = drivers.Find(details->device);
    // A file of proc has a path; one that gVisor was handed has none, and no statfs(2) either.
    if (S_ISREG(type) && (details->link.empty() || details->link.front() == '/')) {
      struct statfs file_system = {};
      const std::string path = path_ + "/" + name;
      details->in_proc =
          statfs(path.c_str(), &file_system) < 0 || file_system.f_type == PROC_SUPER_MAGIC;
    }
    return 0;
  }

 private:
  int ReadLinkAndMode(const std::string& name, DescriptorDetails* details) const {
    int error = ReadProcLinkAt(fd_, name, &details->link);
    if (error < 0 && error != -ENAMETOOLONG) return error;
    // The permissions of the link itself say how the file was opened.
    struct stat status = {};
    error = ReadStatusAt(fd_, name.c_str(), AT_SYMLINK_NOFOLLOW, &status);
    if (error < 0) return error;
    details->writable = (status.st_mode & S_IWUSR) != 0;
    error = ReadStatusAt(fd_, name.c_str(), 0, &status);
    if (IsGone(error)) return error;
    // A file system may refuse to say anything of a file, and a descriptor of it is open all the
    // same.
    if (error < 0) return 0;
    details->mode = status.st_mode;
    details->device = S_ISCHR(status.st_mode) ? status.st_rdev : 0;
    return 0;
  }

  std::string path_;
  int fd_;
  int error_;
};

// The permissions of a name in /proc/TID/fd say the same (proc_pid_fd(5)), but not in gVisor.
int ReadAccess(int fd, DescriptorDetails* details) {
  const int flags = fcntl(fd, F_GETFL);
  if (flags < 0) return -errno;
  details->writable = (flags & O_ACCMODE) != O_RDONLY;
  return 0;
}

int List(const std::string& directory, bool is_own, std::vector<DescriptorDetails>* descriptors) {
  std::vector<int> numbers;
  const int error = ForEachNumber(directory.c_str(), [&numbers](int fd) {
    numbers.push_back(fd);
    return 0;
  });
  if (error < 0) return error;
  const DriverNames drivers;
  const Table table(directory);
  if (table.error() < 0) return table.error();
  descriptors->clear();
  for (const int fd : numbers) {
    if (is_own && table.IsMine(fd)) continue;
    DescriptorDetails details;
    details.fd = fd;
    const int result = table.Describe(drivers, &details);
    if (IsGone(result)) continue;
    if (result < 0) return result;
    if (is_own && ReadAccess(fd, &details) == -EBADF) continue;
    if (is_own && details.is_socket && ReadSocketDetails(fd, &details.socket) == -EBADF) continue;
    descriptors->push_back(std::move(details));
  }
  return 0;
}

}  // namespace

int ListDescriptorNumbers(std::vector<int>* numbers) {
  numbers->clear();
  return ForEachNumber(kOwnTable, [numbers](int fd) {
    numbers->push_back(fd);
    return 0;
  });
}

int ListDescriptors(std::vector<DescriptorDetails>* descriptors) {
  return List(kOwnTable, true, descriptors);
}

int ListForeignDescriptors(const std::string& directory,
                           std::vector<DescriptorDetails>* descriptors) {
  return List(directory, false, descriptors);
}

}  // namespace disablenetwork
