// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace disablenetwork {

// The text of a file of /proc, or -errno. Read by hand, so that it works under Node's permission
// model and whatever was done to the fs module.
int ReadProcFile(const std::string& path, std::string* text);

// The names in a directory of /proc, or -errno.
int ListProcDirectory(const std::string& path, std::vector<std::string>* names);

// What a link in /proc leads to: 0 or -errno. -ENAMETOOLONG where the kernel will not write out a
// path: whoever makes folders can have a file that bears no name here, and it is open all the same.
int ReadProcLink(const std::string& path, std::string* link);
int ReadProcLinkAt(int directory, const std::string& name, std::string* link);

// What /proc/thread-self/fd/N links to; empty when the kernel does not say.
std::string ReadDescriptorLink(int fd);

}  // namespace disablenetwork
