// SPDX-License-Identifier: MIT
// A thread of another addon: it knows nothing of Node, lives on, and makes system calls on request.
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "call.h"

namespace {

enum class Blocking { kNone, kLibrary, kKernel };

struct Thread {
  pthread_t handle{};
  sem_t requested{};
  sem_t answered{};
  Blocking blocking = Blocking::kNone;
  bool stopping = false;
  long tid = 0;
  Call call;
  long result = 0;
};

// The C library never lets go of its own two signals; the kernel blocks all but KILL and STOP.
void BlockSignals(Blocking blocking) {
  if (blocking == Blocking::kLibrary) {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
  } else if (blocking == Blocking::kKernel) {
    const unsigned long all = ~0UL;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, nullptr, sizeof all);
  }
}

void Wait(sem_t* semaphore) {
  while (sem_wait(semaphore) != 0) continue;  // EINTR: the drop signals every thread.
}

void* Run(void* argument) {
  Thread* thread = static_cast<Thread*>(argument);
  BlockSignals(thread->blocking);
  thread->tid = syscall(SYS_gettid);
  sem_post(&thread->answered);
  for (;;) {
    Wait(&thread->requested);
    if (thread->stopping) return nullptr;
    thread->result = MakeCall(thread->call);
    sem_post(&thread->answered);
  }
}

class NativeThread : public Napi::ObjectWrap<NativeThread> {
 public:
  static Napi::Function Define(Napi::Env env) {
    return DefineClass(env, "NativeThread",
                       {InstanceAccessor<&NativeThread::Tid>("tid"),
                        InstanceMethod<&NativeThread::Begin>("begin"),
                        InstanceMethod<&NativeThread::Finish>("finish"),
                        InstanceMethod<&NativeThread::Syscall>("syscall"),
                        InstanceMethod<&NativeThread::Stop>("stop")});
  }

  // The thread's state is never freed: the thread may outlive this object.
  explicit NativeThread(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<NativeThread>(info), thread_(new Thread) {
    const std::string blocking = info[0].ToString().Utf8Value();
    if (blocking == "library") thread_->blocking = Blocking::kLibrary;
    if (blocking == "kernel") thread_->blocking = Blocking::kKernel;
    sem_init(&thread_->requested, 0, 0);
    sem_init(&thread_->answered, 0, 0);
    if (pthread_create(&thread_->handle, nullptr, Run, thread_) == 0) Wait(&thread_->answered);
  }

 private:
  Napi::Value Tid(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), static_cast<double>(thread_->tid));
  }

  void Begin(const Napi::CallbackInfo& info) {
    thread_->call = ReadCall(info, 0);
    sem_post(&thread_->requested);
  }

  Napi::Value Finish(const Napi::CallbackInfo& info) {
    Wait(&thread_->answered);
    return Napi::Number::New(info.Env(), static_cast<double>(thread_->result));
  }

  Napi::Value Syscall(const Napi::CallbackInfo& info) {
    Begin(info);
    return Finish(info);
  }

  void Stop(const Napi::CallbackInfo&) {
    thread_->stopping = true;
    sem_post(&thread_->requested);
    pthread_join(thread_->handle, nullptr);
  }

  Thread* thread_;
};

}  // namespace

void RegisterNativeThread(Napi::Env env, Napi::Object exports) {
  exports.Set("NativeThread", NativeThread::Define(env));
}
