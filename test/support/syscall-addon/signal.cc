// SPDX-License-Identifier: MIT
// A system call inside a thread that runs someone else's code (V8's workers, the inspector's
// signal thread): a signal interrupts it and the handler makes the call. Only the C library's
// set-id signal reaches every thread, so its handler is borrowed and put back.
#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "call.h"

namespace {

struct Request {
  Call call;
  long result = 0;
  sem_t done{};
};

// As the kernel has it; the C library refuses to touch its own signals.
struct KernelAction {
  void (*handler)(int, siginfo_t*, void*);
  unsigned long flags;
  void (*restorer)();
  unsigned long mask;
};

long SetAction(int signal, const KernelAction* action, KernelAction* previous) {
  return syscall(SYS_rt_sigaction, signal, action, previous, sizeof(unsigned long));
}

void Answer(int, siginfo_t* info, void*) {
  Request* request = static_cast<Request*>(info->si_value.sival_ptr);
  request->result = MakeCall(request->call);
  sem_post(&request->done);
}

long Await(Request* request) {
  timespec limit;
  clock_gettime(CLOCK_REALTIME, &limit);
  limit.tv_sec += 10;
  while (sem_timedwait(&request->done, &limit) != 0) {
    if (errno != EINTR) return -errno;  // The request leaks: the thread may still answer.
  }
  const long result = request->result;
  delete request;
  return result;
}

long SyscallInThreadOf(pid_t tid, Request* request) {
  const int signal = SIGRTMIN - 1;
  KernelAction previous;
  SetAction(signal, nullptr, &previous);
  KernelAction action = previous;
  action.handler = Answer;
  action.flags |= SA_SIGINFO | SA_RESTART;
  SetAction(signal, &action, nullptr);

  siginfo_t information;
  memset(&information, 0, sizeof information);
  information.si_code = SI_QUEUE;
  information.si_pid = getpid();
  information.si_value.sival_ptr = request;
  long result = syscall(SYS_rt_tgsigqueueinfo, getpid(), tid, signal, &information);
  result = result == 0 ? Await(request) : -errno;
  SetAction(signal, &previous, nullptr);
  return result;
}

Napi::Value SyscallInThread(const Napi::CallbackInfo& info) {
  Request* request = new Request;
  sem_init(&request->done, 0, 0);
  request->call = ReadCall(info, 1);
  const pid_t tid = info[0].As<Napi::Number>().Int32Value();
  return Napi::Number::New(info.Env(), static_cast<double>(SyscallInThreadOf(tid, request)));
}

}  // namespace

void RegisterSignal(Napi::Env env, Napi::Object exports) {
  exports.Set("syscallInThread", Napi::Function::New(env, SyscallInThread));
}
