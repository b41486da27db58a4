// SPDX-License-Identifier: MIT
// What the calling thread's event loop holds. Node lists its handles in JavaScript
// (process._getActiveHandles), but leaves out those that do not keep the process alive; so they are
// made to for the moment of the list.
#include <napi.h>
#include <node_api.h>
#include <uv.h>

#include <vector>

#include "binding/register.h"

// A runtime that is not Node may come without them, and is to load the addon all the same.
#pragma weak napi_get_uv_event_loop
#pragma weak uv_walk
#pragma weak uv_fileno
#pragma weak uv_has_ref
#pragma weak uv_is_closing
#pragma weak uv_ref
#pragma weak uv_unref
#pragma weak uv_handle_get_type

namespace disablenetwork {
namespace {

struct Loop {
  std::vector<uv_handle_t*> unreferenced;
  // Watched for somebody who makes the sockets himself: c-ares, or another addon.
  std::vector<int> polled;
};

void Visit(uv_handle_t* handle, void* data) {
  auto* loop = static_cast<Loop*>(data);
  uv_os_fd_t fd = -1;
  if (uv_is_closing(handle) != 0 || uv_fileno(handle, &fd) != 0) return;
  if (uv_handle_get_type(handle) == UV_POLL) loop->polled.push_back(fd);
  if (uv_has_ref(handle) == 0) loop->unreferenced.push_back(handle);
}

Loop Walk(Napi::Env env) {
  Loop found;
  uv_loop_t* loop = nullptr;
  if (napi_get_uv_event_loop != nullptr && uv_walk != nullptr && uv_handle_get_type != nullptr &&
      napi_get_uv_event_loop(env, &loop) == napi_ok && loop != nullptr) {
    uv_walk(loop, Visit, &found);
  }
  return found;
}

// inspectEventLoop(list): the list has to be made without running anybody else's code.
Napi::Value Inspect(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Loop loop = Walk(env);
  for (uv_handle_t* handle : loop.unreferenced) uv_ref(handle);
  const Napi::Value handles = info[0].As<Napi::Function>().Call({});
  for (uv_handle_t* handle : loop.unreferenced) uv_unref(handle);
  Napi::Array polled = Napi::Array::New(env, loop.polled.size());
  uint32_t count = 0;
  for (const int fd : loop.polled) polled.Set(count++, fd);
  Napi::Object result = Napi::Object::New(env);
  result.Set("handles", handles);
  result.Set("polled", polled);
  return result;
}

}  // namespace

void RegisterEventLoop(Napi::Env env, Napi::Object exports) {
  exports.Set("inspectEventLoop", Napi::Function::New(env, Inspect));
}

}  // namespace disablenetwork
