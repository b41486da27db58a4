// SPDX-License-Identifier: MIT
// What is open, as objects for TypeScript. What it means is decided there.
#include <errno.h>
#include <napi.h>
#include <sys/resource.h>

#include <set>
#include <string>
#include <vector>

#include "binding/descriptor_object.h"
#include "binding/register.h"
#include "descriptors/device_files.h"
#include "descriptors/kill/kill.h"
#include "descriptors/list.h"
#include "kernel/directory.h"
#include "kernel/mappings.h"
#include "library/clock.h"
#include "library/old_libraries.h"

namespace disablenetwork {
namespace {

Napi::Value List(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  std::vector<DescriptorDetails> descriptors;
  const int error = ListDescriptors(&descriptors);
  if (error < 0) return Napi::Number::New(env, error);
  return ToArray(env, descriptors);
}

// How many descriptors RLIMIT_NOFILE leaves.
Napi::Value CountLeft(const Napi::CallbackInfo& info) {
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return Napi::Number::New(info.Env(), -errno);
  double open = 0;
  const int error = ForEachNumber("/proc/thread-self/fd", [&open](int) {
    open += 1;
    return 0;
  });
  // The one by which the table is read is closed by now.
  return Napi::Number::New(info.Env(),
                           error < 0 ? error : static_cast<double>(limit.rlim_cur) - open + 1);
}

Napi::Value ListFiles(const Napi::CallbackInfo& info) {
  std::vector<DescriptorDetails> files;
  const int error = ListDeviceFiles(&files);
  if (error < 0) return Napi::Number::New(info.Env(), error);
  return ToArray(info.Env(), files);
}

Napi::Value ListMappings(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  std::set<std::string> links;
  const int error = ListMappedLinks(&links);
  if (error < 0) return Napi::Number::New(env, error);
  Napi::Array array = Napi::Array::New(env, links.size());
  uint32_t count = 0;
  for (const std::string& link : links) array.Set(count++, link);
  return array;
}

Napi::Value Kill(const Napi::CallbackInfo& info) {
  const Napi::Array array = info[0].As<Napi::Array>();
  std::vector<KillTarget> targets;
  for (uint32_t index = 0; index < array.Length(); ++index) {
    const Napi::Object target = Napi::Value(array.Get(index)).As<Napi::Object>();
    targets.push_back({Napi::Value(target.Get("fd")).As<Napi::Number>().Int32Value(),
                       Napi::Value(target.Get("link")).As<Napi::String>().Utf8Value(), 0});
  }
  const auto limit = static_cast<int64_t>(info[1].As<Napi::Number>().DoubleValue());
  KillDescriptors(&targets, NowMilliseconds() + limit);
  Napi::Array results = Napi::Array::New(info.Env(), targets.size());
  uint32_t count = 0;
  for (const KillTarget& target : targets) results.Set(count++, target.result);
  return results;
}

Napi::Value HasKilled(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), HasKilledDescriptors());
}

}  // namespace

void RegisterDescriptors(Napi::Env env, Napi::Object exports) {
  exports.Set("listDescriptors", Napi::Function::New(env, List));
  exports.Set("countDescriptorsLeft", Napi::Function::New(env, CountLeft));
  exports.Set("listDeviceFiles", Napi::Function::New(env, ListFiles));
  exports.Set("listMappedLinks", Napi::Function::New(env, ListMappings));
  exports.Set("hasKilledDescriptors", Napi::Function::New(env, HasKilled));
  exports.Set("killDescriptors", Napi::Function::New(env, Kill));
}

}  // namespace disablenetwork
