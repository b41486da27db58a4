// SPDX-License-Identifier: MIT
// A process that is no thread of this one and yet shares its memory or its descriptor table with
// it: clone(2) with CLONE_VM or CLONE_FILES, and without CLONE_THREAD. It makes the system calls
// that come through a pipe.
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "call.h"

namespace {

struct Sharer {
  int request[2] = {-1, -1};
  int answer[2] = {-1, -1};
  pid_t pid = -1;
};

int Run(void* argument) {
  const Sharer* sharer = static_cast<Sharer*>(argument);
  Call call;
  while (read(sharer->request[0], &call, sizeof call) == sizeof call) {
    const long result = MakeCall(call);
    if (write(sharer->answer[1], &result, sizeof result) != sizeof result) break;
  }
  syscall(SYS_exit_group, 0);
  return 0;
}

class SharingProcess : public Napi::ObjectWrap<SharingProcess> {
 public:
  static Napi::Function Define(Napi::Env env) {
    return DefineClass(env, "SharingProcess",
                       {InstanceMethod<&SharingProcess::Syscall>("syscall"),
                        InstanceMethod<&SharingProcess::Stop>("stop")});
  }

  // The process and its stack are never freed: it may outlive this object.
  explicit SharingProcess(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<SharingProcess>(info), sharer_(new Sharer) {
    if (pipe(sharer_->request) != 0 || pipe(sharer_->answer) != 0) return;
    constexpr size_t kStackSize = 256 * 1024;
    char* stack = static_cast<char*>(malloc(kStackSize));
    const int flags = info[0].As<Napi::Number>().Int32Value();
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);  // Node's handlers are not for this process.
    sharer_->pid = clone(Run, stack + kStackSize, flags, sharer_);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

 private:
  Napi::Value Syscall(const Napi::CallbackInfo& info) {
    const Call call = ReadCall(info, 0);
    long result = -1;
    if (write(sharer_->request[1], &call, sizeof call) != sizeof call ||
        read(sharer_->answer[0], &result, sizeof result) != sizeof result) {
      result = -1;
    }
    return Napi::Number::New(info.Env(), static_cast<double>(result));
  }

  void Stop(const Napi::CallbackInfo&) {
    kill(sharer_->pid, SIGKILL);
    waitpid(sharer_->pid, nullptr, __WCLONE);
  }

  Sharer* sharer_;
};

}  // namespace

void RegisterSharer(Napi::Env env, Napi::Object exports) {
  exports.Set("SharingProcess", SharingProcess::Define(env));
}
