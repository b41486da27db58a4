// SPDX-License-Identifier: MIT
#pragma once

#include <napi.h>

namespace disablenetwork {

// Each adds its functions to the exports. The functions return 0, a value or -errno; none throws.
void RegisterPrctl(Napi::Env env, Napi::Object exports);
void RegisterSeccomp(Napi::Env env, Napi::Object exports);
void RegisterDrop(Napi::Env env, Napi::Object exports);
void RegisterThreads(Napi::Env env, Napi::Object exports);
void RegisterDescriptors(Napi::Env env, Napi::Object exports);
void RegisterRings(Napi::Env env, Napi::Object exports);
void RegisterEventLoop(Napi::Env env, Napi::Object exports);
void RegisterExecute(Napi::Env env, Napi::Object exports);

}  // namespace disablenetwork
