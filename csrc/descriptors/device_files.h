// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "descriptors/list.h"

namespace disablenetwork {

// The character devices below /dev that this process may open, as if each were open: 0 or -errno. A
// folder that can be searched and not read stands for whatever is in it, without a mode.
int ListDeviceFiles(std::vector<DescriptorDetails>* files);

}  // namespace disablenetwork
