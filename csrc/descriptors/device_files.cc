// SPDX-License-Identifier: MIT
#include "descriptors/device_files.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <string>

#include "descriptors/drivers.h"
#include "kernel/proc.h"
#include "kernel/syscall.h"
#include "library/old_libraries.h"

#ifndef SYS_faccessat2
#define SYS_faccessat2 439
#endif

namespace disablenetwork {
namespace {

// /dev/vfio/devices/vfio0 is the deepest.
constexpr int kMostFolders = 3;

// With the ids that open() would use, where the kernel can be asked so (Linux 5.8).
bool MayAccess(const std::string& path, int mode) {
  const long result = RawSyscall(SYS_faccessat2, AT_FDCWD, Address(path.c_str()), mode, AT_EACCESS);
  if (result != -ENOSYS) return result == 0;
  return RawSyscall(SYS_faccessat, AT_FDCWD, Address(path.c_str()), mode) == 0;
}

bool IsGone(int error) { return error == -ENOENT || error == -ENOTDIR; }

class Search {
 public:
  explicit Search(std::vector<DescriptorDetails>* files) : files_(files) {}

  int Look(const std::string& folder, int depth) {
    std::vector<std::string> names;
    const int error = ListProcDirectory(folder, &names);
    if (error == -EACCES) {
      if (MayAccess(folder, X_OK)) Add(folder, -1, 0);
      return 0;
    }
    if (error < 0) return IsGone(error) ? 0 : error;
    for (const std::string& name : names) {
      const int result = LookAt(folder + "/" + name, depth);
      if (result < 0) return result;
    }
    return 0;
  }

 private:
  // Links lead to what has a name of its own: they are not followed.
  int LookAt(const std::string& path, int depth) {
    struct stat status = {};
    if (ReadStatusAt(AT_FDCWD, path.c_str(), AT_SYMLINK_NOFOLLOW, &status) < 0) return 0;
    if (S_ISDIR(status.st_mode) && depth < kMostFolders) return Look(path, depth + 1);
    if (!S_ISCHR(status.st_mode) || !(MayAccess(path, W_OK) || MayAccess(path, R_OK))) return 0;
    Add(path, status.st_mode, status.st_rdev);
    return 0;
  }

  void Add(const std::string& path, int64_t mode, dev_t device) {
    DescriptorDetails details;
    details.link = path;
    details.mode = mode;
    details.device = device;
    if (device != 0) details.driver = drivers_.Find(device);
    files_->push_back(std::move(details));
  }

  std::vector<DescriptorDetails>* files_;
  const DriverNames drivers_;
};

}  // namespace

int ListDeviceFiles(std::vector<DescriptorDetails>* files) {
  files->clear();
  return Search(files).Look("/dev", 1);
}

}  // namespace disablenetwork
