// SPDX-License-Identifier: MIT
#pragma once

#include <napi.h>

#include <vector>

#include "descriptors/list.h"

namespace disablenetwork {

// Descriptors as an array of RawDescriptor (lib/native/binding.ts).
Napi::Array ToArray(Napi::Env env, const std::vector<DescriptorDetails>& descriptors);

}  // namespace disablenetwork
