// SPDX-License-Identifier: MIT
// A thread that opens sockets in a loop, from a chosen moment on: to race the drop.
#include <errno.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>

#include "call.h"

namespace {

constexpr long kKept = 64;  // Further sockets are closed at once, to stay below any limit.

struct Opener {
  pthread_t handle{};
  int type = SOCK_DGRAM;
  unsigned delay = 0;
  std::atomic<bool> stopping{false};
  std::atomic<long> opened{0};
  std::atomic<long> refused{0};
};

void* Run(void* argument) {
  Opener* opener = static_cast<Opener*>(argument);
  usleep(opener->delay);
  while (!opener->stopping) {
    const int fd = socket(AF_INET, opener->type, 0);
    if (fd < 0) {
      opener->refused++;
    } else if (++opener->opened > kKept) {
      close(fd);
    }
    usleep(20);
  }
  return nullptr;
}

class SocketOpener : public Napi::ObjectWrap<SocketOpener> {
 public:
  static Napi::Function Define(Napi::Env env) {
    return DefineClass(env, "SocketOpener",
                       {InstanceAccessor<&SocketOpener::Opened>("opened"),
                        InstanceAccessor<&SocketOpener::Refused>("refused"),
                        InstanceMethod<&SocketOpener::Stop>("stop")});
  }

  explicit SocketOpener(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<SocketOpener>(info), opener_(new Opener) {
    opener_->type = info[0].As<Napi::Number>().Int32Value();
    opener_->delay = info[1].As<Napi::Number>().Uint32Value();
    pthread_create(&opener_->handle, nullptr, Run, opener_);
  }

 private:
  Napi::Value Opened(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), static_cast<double>(opener_->opened.load()));
  }

  Napi::Value Refused(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), static_cast<double>(opener_->refused.load()));
  }

  void Stop(const Napi::CallbackInfo&) {
    opener_->stopping = true;
    pthread_join(opener_->handle, nullptr);
  }

  Opener* opener_;
};

}  // namespace

void RegisterSocketOpener(Napi::Env env, Napi::Object exports) {
  exports.Set("SocketOpener", SocketOpener::Define(env));
}
