// SPDX-License-Identifier: MIT
// The four options of the kernel patch, called as they are: the caller sees the kernel's answer.
#include <errno.h>
#include <napi.h>
#include <sys/prctl.h>

#include "binding/register.h"
#include "uapi/linux/disablenetwork.h"

namespace disablenetwork {
namespace {

// Unused arguments must be zero, and each is a long: prctl() is variadic in the C library, so an
// int literal would leave the high half of its register undefined.
int Prctl(int option, unsigned long argument) {
  const int result = prctl(option, argument, 0UL, 0UL, 0UL);
  return result < 0 ? -errno : result;
}

Napi::Value SetNetwork(const Napi::CallbackInfo& info) {
  const unsigned long flags = info[0].As<Napi::Number>().Uint32Value();
  return Napi::Number::New(info.Env(), Prctl(PR_SET_NETWORK, flags));
}

Napi::Value GetNetwork(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), Prctl(PR_GET_NETWORK, 0UL));
}

Napi::Value SetNoSuid(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), Prctl(PR_SET_NOSUID, 1UL));
}

Napi::Value GetNoSuid(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), Prctl(PR_GET_NOSUID, 0UL));
}

}  // namespace

void RegisterPrctl(Napi::Env env, Napi::Object exports) {
  exports.Set("prctlSetNetwork", Napi::Function::New(env, SetNetwork));
  exports.Set("prctlGetNetwork", Napi::Function::New(env, GetNetwork));
  exports.Set("prctlSetNoSuid", Napi::Function::New(env, SetNoSuid));
  exports.Set("prctlGetNoSuid", Napi::Function::New(env, GetNoSuid));
}

}  // namespace disablenetwork
