// SPDX-License-Identifier: MIT
// Addresses: for structures that point to others, and for memory that the kernel mapped.
#include "call.h"

namespace {

Napi::Value AddressOf(const Napi::CallbackInfo& info) {
  const Napi::TypedArray array = info[0].As<Napi::TypedArray>();
  const char* data = static_cast<char*>(array.ArrayBuffer().Data()) + array.ByteOffset();
  return Napi::BigInt::New(info.Env(), reinterpret_cast<uint64_t>(data));
}

// A Buffer over memory that JavaScript does not own, such as the rings of an io_uring.
Napi::Value MemoryAt(const Napi::CallbackInfo& info) {
  const uintptr_t address = static_cast<uintptr_t>(info[0].As<Napi::Number>().Int64Value());
  const size_t length = info[1].As<Napi::Number>().Uint32Value();
  return Napi::Buffer<char>::New(info.Env(), reinterpret_cast<char*>(address), length,
                                 [](Napi::Env, char*) {});
}

}  // namespace

void RegisterMemory(Napi::Env env, Napi::Object exports) {
  exports.Set("addressOf", Napi::Function::New(env, AddressOf));
  exports.Set("memoryAt", Napi::Function::New(env, MemoryAt));
}
