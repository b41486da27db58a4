// SPDX-License-Identifier: MIT
// Chains of threads, each the creator of the next and gone a moment later: the hardest case for a
// drop that visits the threads of a process one by one. A thread that the drop missed would create
// missed threads for ever, so each one tries the network, and counts a success once the drop
// is said to be over.
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>

#include "call.h"

namespace {

struct Chains {
  int old_socket = -1;
  sockaddr_storage address{};
  socklen_t length = 0;
  std::atomic<bool> stopping{false};
  std::atomic<bool> dropped{false};
  std::atomic<int> alive{0};
  std::atomic<long> created{0};
  std::atomic<long> triedAfter{0};
  std::atomic<long> escaped{0};
};

void Try(Chains* chains) {
  if (!chains->dropped) return;
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd >= 0) {
    chains->escaped++;
    close(fd);
  }
  const sockaddr* address = reinterpret_cast<sockaddr*>(&chains->address);
  if (chains->length > 0 && connect(chains->old_socket, address, chains->length) == 0) {
    chains->escaped++;
  }
  chains->triedAfter++;
}

void* Link(void* argument);

void CreateNext(Chains* chains) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, 256 * 1024);
  pthread_t thread;
  chains->alive++;
  if (pthread_create(&thread, &attributes, Link, chains) != 0) chains->alive--;
  chains->created++;
  pthread_attr_destroy(&attributes);
}

void* Link(void* argument) {
  Chains* chains = static_cast<Chains*>(argument);
  usleep(100);
  if (!chains->stopping) CreateNext(chains);
  Try(chains);
  chains->alive--;
  return nullptr;
}

class ThreadChains : public Napi::ObjectWrap<ThreadChains> {
 public:
  static Napi::Function Define(Napi::Env env) {
    return DefineClass(env, "ThreadChains",
                       {InstanceAccessor<&ThreadChains::Created>("created"),
                        InstanceAccessor<&ThreadChains::TriedAfter>("triedAfter"),
                        InstanceAccessor<&ThreadChains::Escaped>("escaped"),
                        InstanceMethod<&ThreadChains::MarkDropped>("markDropped"),
                        InstanceMethod<&ThreadChains::Stop>("stop")});
  }

  explicit ThreadChains(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<ThreadChains>(info), chains_(new Chains) {
    chains_->old_socket = info[1].As<Napi::Number>().Int32Value();
    const Napi::Uint8Array address = info[2].As<Napi::Uint8Array>();
    chains_->length = static_cast<socklen_t>(address.ByteLength());
    memcpy(&chains_->address, address.Data(), address.ByteLength());
    const int count = info[0].As<Napi::Number>().Int32Value();
    for (int index = 0; index < count; index++) CreateNext(chains_);
  }

 private:
  Napi::Value Number(const std::atomic<long>& value) {
    return Napi::Number::New(Env(), static_cast<double>(value.load()));
  }

  Napi::Value Created(const Napi::CallbackInfo&) { return Number(chains_->created); }
  Napi::Value TriedAfter(const Napi::CallbackInfo&) { return Number(chains_->triedAfter); }
  Napi::Value Escaped(const Napi::CallbackInfo&) { return Number(chains_->escaped); }
  void MarkDropped(const Napi::CallbackInfo&) { chains_->dropped = true; }

  void Stop(const Napi::CallbackInfo&) {
    chains_->stopping = true;
    while (chains_->alive > 0) usleep(100);
  }

  Chains* chains_;
};

}  // namespace

void RegisterThreadChains(Napi::Env env, Napi::Object exports) {
  exports.Set("ThreadChains", ThreadChains::Define(env));
}
