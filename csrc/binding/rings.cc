// SPDX-License-Identifier: MIT
#include <napi.h>

#include "binding/register.h"
#include "rings/ring.h"
#include "rings/seal.h"

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

Napi::Value CountMappedOnly(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), CountMappedOnlyRings());
}

}  // namespace

void RegisterRings(Napi::Env env, Napi::Object exports) {
  exports.Set("countMappedOnlyRings", Napi::Function::New(env, CountMappedOnly));
  exports.Set("listSealableRings", Napi::Function::New(env, List));
}

}  // namespace disablenetwork
