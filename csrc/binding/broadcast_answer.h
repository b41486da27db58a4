// SPDX-License-Identifier: MIT
#pragma once

#include <napi.h>

#include "threads/broadcast.h"

namespace disablenetwork {

Napi::Object ToObject(Napi::Env env, const Broadcast& broadcast);

}  // namespace disablenetwork
