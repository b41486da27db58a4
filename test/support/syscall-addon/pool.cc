// SPDX-License-Identifier: MIT
// The same system call in `count` threads of the libuv pool at once: a barrier keeps each thread
// until all are there, so no thread serves two.
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <memory>
#include <vector>

#include "call.h"

namespace {

struct Answer {
  long tid = 0;
  long result = 0;
};

struct Gathering {
  Gathering(Napi::Env env, unsigned count) : answers(count), missing(count), deferred(env) {
    pthread_barrier_init(&barrier, nullptr, count);
  }
  ~Gathering() { pthread_barrier_destroy(&barrier); }

  Call call;
  pthread_barrier_t barrier{};
  std::vector<Answer> answers;
  size_t missing;
  Napi::Promise::Deferred deferred;
};

class PoolCall : public Napi::AsyncWorker {
 public:
  PoolCall(Napi::Env env, std::shared_ptr<Gathering> gathering, size_t index)
      : Napi::AsyncWorker(env), gathering_(std::move(gathering)), index_(index) {}

  void Execute() override {
    pthread_barrier_wait(&gathering_->barrier);
    Answer& answer = gathering_->answers[index_];
    answer.tid = syscall(SYS_gettid);
    answer.result = MakeCall(gathering_->call);
  }

  void OnOK() override {
    if (--gathering_->missing > 0) return;
    Napi::Array list = Napi::Array::New(Env());
    for (const Answer& answer : gathering_->answers) {
      Napi::Object item = Napi::Object::New(Env());
      item.Set("tid", static_cast<double>(answer.tid));
      item.Set("result", static_cast<double>(answer.result));
      list.Set(list.Length(), item);
    }
    gathering_->deferred.Resolve(list);
  }

 private:
  std::shared_ptr<Gathering> gathering_;
  size_t index_;
};

Napi::Value SyscallInPool(const Napi::CallbackInfo& info) {
  const unsigned count = info[0].As<Napi::Number>().Uint32Value();
  auto gathering = std::make_shared<Gathering>(info.Env(), count);
  gathering->call = ReadCall(info, 1);
  for (unsigned index = 0; index < count; index++) {
    (new PoolCall(info.Env(), gathering, index))->Queue();
  }
  return gathering->deferred.Promise();
}

}  // namespace

void RegisterPool(Napi::Env env, Napi::Object exports) {
  exports.Set("syscallInPool", Napi::Function::New(env, SyscallInPool));
}
