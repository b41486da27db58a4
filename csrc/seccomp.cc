// SPDX-License-Identifier: MIT
#include <errno.h>
#include <napi.h>

#include "filter_dump.h"
#include "register.h"
#include "seccomp_install.h"
#include "seccomp_rules.h"
#include "trial.h"

namespace disablenetwork {
namespace {

uint32_t Unsigned(const Napi::CallbackInfo& info, size_t index) {
  return info[index].As<Napi::Number>().Uint32Value();
}

Napi::Value Probe(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), ProbeSeccomp());
}

Napi::Value Install(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), InstallSeccompOnAllThreads(Unsigned(info, 0)));
}

Napi::Value Trial(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(),
                           TryDropInChild(Unsigned(info, 0), Unsigned(info, 1), Unsigned(info, 2)));
}

Napi::Buffer<uint8_t> ToBuffer(Napi::Env env, const std::vector<sock_filter>& program) {
  return Napi::Buffer<uint8_t>::Copy(env, reinterpret_cast<const uint8_t*>(program.data()),
                                     program.size() * sizeof(sock_filter));
}

Napi::Value Program(const Napi::CallbackInfo& info) {
  const std::vector<sock_filter> program = BuildSeccompProgram(Unsigned(info, 0));
  if (program.empty()) return Napi::Number::New(info.Env(), -EINVAL);
  return ToBuffer(info.Env(), program);
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
  exports.Set("seccompProbe", Napi::Function::New(env, Probe));
  exports.Set("seccompProgram", Napi::Function::New(env, Program));
  exports.Set("seccompInstall", Napi::Function::New(env, Install));
  exports.Set("seccompDump", Napi::Function::New(env, Dump));
  exports.Set("trialDrop", Napi::Function::New(env, Trial));
}

}  // namespace disablenetwork
