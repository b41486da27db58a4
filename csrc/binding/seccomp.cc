// SPDX-License-Identifier: MIT
#include <errno.h>
#include <napi.h>

#include "binding/register.h"
#include "seccomp/dump.h"
#include "seccomp/rules.h"

namespace disablenetwork {
namespace {

Napi::Buffer<uint8_t> ToBuffer(Napi::Env env, const std::vector<sock_filter>& program) {
  return Napi::Buffer<uint8_t>::Copy(env, reinterpret_cast<const uint8_t*>(program.data()),
                                     program.size() * sizeof(sock_filter));
}

Napi::Value ToProgram(Napi::Env env, const std::vector<sock_filter>& program) {
  if (program.empty()) return Napi::Number::New(env, -EINVAL);
  return ToBuffer(env, program);
}

Napi::Value Program(const Napi::CallbackInfo& info) {
  return ToProgram(info.Env(), BuildSeccompProgram(info[0].As<Napi::Number>().Uint32Value()));
}

Napi::Value StatusProgram(const Napi::CallbackInfo& info) {
  return ToProgram(info.Env(), BuildStatusProgram(info[0].As<Napi::Number>().Uint32Value()));
}

Napi::Value Dump(const Napi::CallbackInfo& info) {
  std::vector<std::vector<sock_filter>> filters;
  const int error = DumpFilters(info[0].As<Napi::Number>().Int32Value(), &filters);
  if (error < 0) return Napi::Number::New(info.Env(), error);
  Napi::Array programs = Napi::Array::New(info.Env(), filters.size());
  for (uint32_t index = 0; index < filters.size(); ++index) {
    programs.Set(index, ToBuffer(info.Env(), filters[index]));
  }
  return programs;
}

}  // namespace

void RegisterSeccomp(Napi::Env env, Napi::Object exports) {
  exports.Set("seccompProgram", Napi::Function::New(env, Program));
  exports.Set("statusProgram", Napi::Function::New(env, StatusProgram));
  exports.Set("seccompDump", Napi::Function::New(env, Dump));
}

}  // namespace disablenetwork
