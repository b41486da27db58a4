// SPDX-License-Identifier: MIT
#include "call.h"

#include <errno.h>
#include <unistd.h>

#include "run_program.h"

namespace {

long ReadArgument(const Napi::Value& value) {
  if (value.IsBigInt()) {
    bool lossless = false;
    return value.As<Napi::BigInt>().Int64Value(&lossless);
  }
  if (value.IsTypedArray()) {
    const Napi::TypedArray array = value.As<Napi::TypedArray>();
    const char* data = static_cast<char*>(array.ArrayBuffer().Data());
    return reinterpret_cast<long>(data + array.ByteOffset());
  }
  return value.IsNumber() ? value.As<Napi::Number>().Int64Value() : 0;
}

}  // namespace

Call ReadCall(const Napi::CallbackInfo& info, size_t first) {
  Call call;
  call.number = ReadArgument(info[first]);
  for (size_t index = 0; index < 6; index++) {
    call.arguments[index] = ReadArgument(info[first + 1 + index]);
  }
  return call;
}

long MakeCall(const Call& call) {
  const int saved = errno;
  const long* argument = call.arguments;
  if (call.number == kRunProgram) {
    const long status = RunProgram(reinterpret_cast<const char*>(argument[0]),
                                   reinterpret_cast<char* const*>(argument[1]));
    errno = saved;
    return status;
  }
  const long result = syscall(call.number, argument[0], argument[1], argument[2], argument[3],
                              argument[4], argument[5]);
  const long answer = result == -1 ? -errno : result;
  errno = saved;
  return answer;
}
