// SPDX-License-Identifier: MIT
#include "binding/descriptor_object.h"

#include <string>

#include "library/old_libraries.h"

namespace disablenetwork {
namespace {

Napi::Value TextOrNull(Napi::Env env, const std::string& text) {
  return text.empty() ? env.Null() : Napi::String::New(env, text).As<Napi::Value>();
}

Napi::Value ToObject(Napi::Env env, const SocketDetails& details) {
  Napi::Object socket = Napi::Object::New(env);
  socket.Set("family", details.family);
  socket.Set("type", details.type);
  socket.Set("protocol", details.protocol);
  socket.Set("listening", details.listening);
  socket.Set("connected", details.connected);
  socket.Set("local", TextOrNull(env, details.local));
  socket.Set("remote", TextOrNull(env, details.remote));
  socket.Set("networkNamespace",
             details.network_namespace == 0
                 ? env.Null()
                 : Napi::Number::New(env, static_cast<double>(details.network_namespace)));
  return socket;
}

Napi::Value ToObject(Napi::Env env, const DescriptorDetails& details) {
  std::string device;
  if (details.device != 0) {
    device = std::to_string(DeviceMajor(details.device)) + ":" +
             std::to_string(DeviceMinor(details.device));
  }
  Napi::Object descriptor = Napi::Object::New(env);
  descriptor.Set("fd", details.fd);
  descriptor.Set("link", details.link);
  descriptor.Set("mode", details.mode < 0
                             ? env.Null()
                             : Napi::Number::New(env, static_cast<double>(details.mode)));
  descriptor.Set("writable", details.writable);
  descriptor.Set("device", TextOrNull(env, device));
  descriptor.Set("driver", TextOrNull(env, details.driver));
  descriptor.Set("inProc", details.in_proc);
  descriptor.Set("socket", details.is_socket ? ToObject(env, details.socket) : env.Null());
  return descriptor;
}

}  // namespace

Napi::Array ToArray(Napi::Env env, const std::vector<DescriptorDetails>& descriptors) {
  Napi::Array array = Napi::Array::New(env, descriptors.size());
  uint32_t count = 0;
  for (const DescriptorDetails& details : descriptors) array.Set(count++, ToObject(env, details));
  return array;
}

}  // namespace disablenetwork
