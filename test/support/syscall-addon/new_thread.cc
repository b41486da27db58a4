// SPDX-License-Identifier: MIT
// A thread that is created for one system call and ends.
#include <errno.h>
#include <pthread.h>

#include "call.h"

namespace {

struct Task {
  Call call;
  long result = 0;
};

void* Run(void* argument) {
  Task* task = static_cast<Task*>(argument);
  task->result = MakeCall(task->call);
  return nullptr;
}

Napi::Value SyscallInNewThread(const Napi::CallbackInfo& info) {
  Task task;
  task.call = ReadCall(info, 0);
  pthread_t thread;
  const int error = pthread_create(&thread, nullptr, Run, &task);
  if (error != 0) return Napi::Number::New(info.Env(), -error);
  pthread_join(thread, nullptr);
  return Napi::Number::New(info.Env(), static_cast<double>(task.result));
}

}  // namespace

void RegisterNewThread(Napi::Env env, Napi::Object exports) {
  exports.Set("syscallInNewThread", Napi::Function::New(env, SyscallInNewThread));
}
