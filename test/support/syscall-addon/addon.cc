// SPDX-License-Identifier: MIT
// Any system call from any kind of thread: what an attacker with a native addon could do.
#include "call.h"

namespace {

Napi::Value Syscall(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(MakeCall(ReadCall(info, 0))));
}

Napi::Object Initialize(Napi::Env env, Napi::Object exports) {
  exports.Set("syscall", Napi::Function::New(env, Syscall));
  RegisterMemory(env, exports);
  RegisterNewThread(env, exports);
  RegisterNativeThread(env, exports);
  RegisterPool(env, exports);
  RegisterSharer(env, exports);
  RegisterSignal(env, exports);
  RegisterSocketOpener(env, exports);
  RegisterThreadChains(env, exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(syscall, Initialize)
