// SPDX-License-Identifier: MIT
// execve() from a process that is Node: what Node changed for itself at its start is undone, so
// that the program finds itself as its caller started it.
#include <errno.h>
#include <fcntl.h>
#include <napi.h>
#include <signal.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "binding/register.h"

namespace disablenetwork {
namespace {

// Text comes as a string, or as its bytes where it may be no UTF-8.
std::string ToBytes(const Napi::Value& value) {
  if (value.IsTypedArray()) {
    const Napi::Uint8Array bytes = value.As<Napi::Uint8Array>();
    return std::string(reinterpret_cast<const char*>(bytes.Data()), bytes.ByteLength());
  }
  return value.As<Napi::String>().Utf8Value();
}

std::vector<std::string> ToList(const Napi::Value& value) {
  const Napi::Array array = value.As<Napi::Array>();
  std::vector<std::string> list;
  for (uint32_t index = 0; index < array.Length(); index += 1) {
    list.push_back(ToBytes(array.Get(index)));
  }
  return list;
}

bool HasNul(const std::vector<std::string>& list) {
  for (const std::string& text : list) {
    if (text.find('\0') != std::string::npos) {
      return true;
    }
  }
  return false;
}

// The array that execve() takes; it is valid as long as the list.
std::vector<char*> ToPointers(std::vector<std::string>& list) {
  std::vector<char*> pointers;
  for (std::string& text : list) {
    pointers.push_back(text.data());
  }
  pointers.push_back(nullptr);
  return pointers;
}

// Node marks every descriptor that it inherits close-on-exec (uv_disable_stdio_inheritance).
void SetCloseOnExec(const std::vector<int>& descriptors, bool close) {
  for (const int fd : descriptors) {
    const int flags = fcntl(fd, F_GETFD);
    if (flags >= 0) {
      fcntl(fd, F_SETFD, close ? flags | FD_CLOEXEC : flags & ~FD_CLOEXEC);
    }
  }
}

// Node ignores these two, and what is ignored stays so across execve(): `yes | head` would not end.
void SetDisposition(void (*handler)(int)) {
  static_cast<void>(signal(SIGPIPE, handler));
  static_cast<void>(signal(SIGXFSZ, handler));
}

Napi::Value Execute(const Napi::CallbackInfo& info) {
  std::vector<std::string> file = {ToBytes(info[0])};
  std::vector<std::string> args = ToList(info[1]);
  std::vector<std::string> environment = ToList(info[2]);
  if (HasNul(file) || HasNul(args) || HasNul(environment)) {
    return Napi::Number::New(info.Env(), -EINVAL);
  }
  std::vector<int> descriptors = {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO};
  const Napi::Array inherited = info[3].As<Napi::Array>();
  for (uint32_t index = 0; index < inherited.Length(); index += 1) {
    descriptors.push_back(inherited.Get(index).As<Napi::Number>().Int32Value());
  }

  SetCloseOnExec(descriptors, false);
  SetDisposition(SIG_DFL);
  // A blocked signal stays blocked across execve(), and Node blocks SIGUSR1 in some of its modes.
  sigset_t none;
  sigset_t blocked;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, &blocked);
  execve(file[0].c_str(), ToPointers(args).data(), ToPointers(environment).data());
  const int error = errno;
  sigprocmask(SIG_SETMASK, &blocked, nullptr);
  SetDisposition(SIG_IGN);
  SetCloseOnExec(descriptors, true);
  return Napi::Number::New(info.Env(), -error);
}

}  // namespace

void RegisterExecute(Napi::Env env, Napi::Object exports) {
  exports.Set("execute", Napi::Function::New(env, Execute));
}

}  // namespace disablenetwork
