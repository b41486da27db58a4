// SPDX-License-Identifier: MIT
#include <napi.h>
#include <unistd.h>

#include "broadcast_answer.h"
#include "landlock_ruleset.h"
#include "register.h"
#include "thread_hold.h"
#include "thread_operations.h"

namespace disablenetwork {
namespace {

Napi::Value Abi(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), LandlockAbi());
}

Napi::Value Errata(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), LandlockErrata());
}

// landlockRestrict(handledNetwork, scoped, allThreadsFlag, timeout)
Napi::Value Restrict(const Napi::CallbackInfo& info) {
  const uint32_t handled_network = info[0].As<Napi::Number>().Uint32Value();
  const uint32_t scoped = info[1].As<Napi::Number>().Uint32Value();
  const bool all_threads_flag = info[2].As<Napi::Boolean>().Value();
  const int timeout = info[3].As<Napi::Number>().Int32Value();
  Broadcast broadcast;
  const LandlockAttributes attributes = {0, handled_network, scoped};
  // Made here as well when each thread makes its own: what the kernel does not know is an error
  // before anything has changed.
  const int ruleset = CreateLandlockRuleset(attributes);
  if (ruleset < 0) {
    broadcast.result = ruleset;
  } else if (all_threads_flag) {
    broadcast.result = RestrictCaller(ruleset, true);
  } else {
    broadcast = RunOnAllThreadsHeld(RestrictThread, reinterpret_cast<long>(&attributes), timeout);
  }
  if (ruleset >= 0) close(ruleset);
  return ToObject(info.Env(), broadcast);
}

}  // namespace

void RegisterLandlock(Napi::Env env, Napi::Object exports) {
  exports.Set("landlockAbi", Napi::Function::New(env, Abi));
  exports.Set("landlockErrata", Napi::Function::New(env, Errata));
  exports.Set("landlockRestrict", Napi::Function::New(env, Restrict));
}

}  // namespace disablenetwork
