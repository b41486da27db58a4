// SPDX-License-Identifier: MIT
#include <napi.h>

#include "register.h"
#include "ring.h"
#include "ring_seal.h"

namespace disablenetwork {
namespace {

Napi::Value ToValue(Napi::Env env, int error, const std::vector<int>& descriptors) {
  if (error < 0) return Napi::Number::New(env, error);
  Napi::Array array = Napi::Array::New(env, descriptors.size());
  for (uint32_t index = 0; index < descriptors.size(); ++index) {
    array.Set(index, descriptors[index]);
  }
  return array;
}

Napi::Value List(const Napi::CallbackInfo& info) {
  std::vector<int> descriptors;
  const int error = ListSealableRings(&descriptors);
  return ToValue(info.Env(), error, descriptors);
}

// seccompInstallSealingRings(policy, timeout)
Napi::Value SealAndInstall(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  std::vector<int> sealed;
  const int result = SealRingsAndInstallSeccomp(info[0].As<Napi::Number>().Uint32Value(),
                                                info[1].As<Napi::Number>().Int32Value(), &sealed);
  Napi::Object answer = Napi::Object::New(env);
  answer.Set("result", result);
  answer.Set("sealed", ToValue(env, 0, sealed));
  return answer;
}

Napi::Value CountMappedOnly(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), CountMappedOnlyRings());
}

}  // namespace

void RegisterRings(Napi::Env env, Napi::Object exports) {
  exports.Set("countMappedOnlyRings", Napi::Function::New(env, CountMappedOnly));
  exports.Set("listSealableRings", Napi::Function::New(env, List));
  exports.Set("seccompInstallSealingRings", Napi::Function::New(env, SealAndInstall));
}

}  // namespace disablenetwork
