// SPDX-License-Identifier: MIT
// The drop, step by step, as functions for TypeScript. The process's lock goes around them all.
#include "drop/drop.h"

#include <errno.h>
#include <napi.h>

#include "binding/broadcast_answer.h"
#include "binding/register.h"
#include "drop/attempts.h"
#include "drop/trial.h"
#include "library/clock.h"
#include "processes/lock.h"

namespace disablenetwork {
namespace {

// What a thread of JavaScript has begun: a Worker that is terminated runs no `finally`.
struct Begun {
  int lock = -1;
};

void End(Begun* begun) {
  if (begun->lock < 0) return;
  CloseAttempts();
  UnlockProcess(begun->lock);
  begun->lock = -1;
}

uint32_t Unsigned(const Napi::Value& value) { return value.As<Napi::Number>().Uint32Value(); }

int64_t Deadline(const Napi::Value& timeout) {
  return NowMilliseconds() + timeout.As<Napi::Number>().Int32Value();
}

Napi::Value Number(const Napi::CallbackInfo& info, int value) {
  return Napi::Number::New(info.Env(), value);
}

// lockProcess(timeout)
Napi::Value Lock(const Napi::CallbackInfo& info) {
  auto* begun = static_cast<Begun*>(info.Data());
  if (begun->lock >= 0) return Number(info, -EDEADLK);
  const int lock = LockProcess(Deadline(info[0]));
  if (lock < 0) return Number(info, lock);
  begun->lock = lock;
  return Number(info, 0);
}

Napi::Value Unlock(const Napi::CallbackInfo& info) {
  End(static_cast<Begun*>(info.Data()));
  return info.Env().Undefined();
}

Napi::Value Ask(const Napi::CallbackInfo& info) {
  KernelAnswers answers;
  const int error = AskKernel(&answers);
  Napi::Object object = Napi::Object::New(info.Env());
  object.Set("landlockAbi", error < 0 ? error : answers.landlock_abi);
  object.Set("seccomp", error < 0 ? error : answers.seccomp);
  return object;
}

// trialDrop(policy, network, scoped)
Napi::Value Trial(const Napi::CallbackInfo& info) {
  return Number(info, TryDropInChild(Unsigned(info[0]), {Unsigned(info[1]), Unsigned(info[2])}));
}

// beginDrop(order, timeout)
Napi::Value Begin(const Napi::CallbackInfo& info) {
  const Napi::Object wanted = info[0].As<Napi::Object>();
  const Napi::Value policy = wanted.Get("policy");
  DropOrder order;
  order.kernel_patch = Napi::Value(wanted.Get("kernelPatch")).As<Napi::Boolean>().Value();
  order.has_filter = !policy.IsNull();
  order.policy = order.has_filter ? Unsigned(policy) : 0;
  order.seal_rings = Napi::Value(wanted.Get("sealRings")).As<Napi::Boolean>().Value();
  order.every_ring = Napi::Value(wanted.Get("everyRing")).As<Napi::Boolean>().Value();
  order.landlock = {Unsigned(wanted.Get("handledNetwork")), Unsigned(wanted.Get("scoped"))};
  const DropOutcome outcome = BeginDrop(order, Deadline(info[1]));

  const Napi::Env env = info.Env();
  Napi::Array sealed = Napi::Array::New(env, outcome.sealed.size());
  for (uint32_t index = 0; index < outcome.sealed.size(); ++index) {
    sealed.Set(index, outcome.sealed[index]);
  }
  Napi::Object object = Napi::Object::New(env);
  object.Set("result", outcome.result);
  object.Set("step", static_cast<int>(outcome.failed));
  object.Set("thread", outcome.thread);
  object.Set("hasChanged", outcome.has_changed);
  object.Set("sealed", sealed);
  return object;
}

Napi::Value Finish(const Napi::CallbackInfo& info) {
  return Number(info, FinishDrop(Unsigned(info[0])));
}

Napi::Value Mark(const Napi::CallbackInfo& info) {
  return Number(info, MarkUnfinished(info[0].As<Napi::String>().Utf8Value().c_str()));
}

Napi::Value Reason(const Napi::CallbackInfo& info) {
  const char* const reason = UnfinishedReason();
  return reason == nullptr ? info.Env().Null()
                           : Napi::String::New(info.Env(), reason).As<Napi::Value>();
}

Napi::Value Prepare(const Napi::CallbackInfo& info) {
  return Number(info, PrepareAttempts(Unsigned(info[0])));
}

Napi::Value Close(const Napi::CallbackInfo& info) {
  CloseAttempts();
  return info.Env().Undefined();
}

// tryInEveryThread(attempts, timeout)
Napi::Value TryEverywhere(const Napi::CallbackInfo& info) {
  return ToObject(info.Env(), TryInEveryThread(Unsigned(info[0]), Deadline(info[1])));
}

}  // namespace

void RegisterDrop(Napi::Env env, Napi::Object exports) {
  // The environment owns it, to its end.
  auto* begun = new Begun;  // NOLINT(cppcoreguidelines-owning-memory)
  env.AddCleanupHook(
      [](Begun* data) {
        End(data);
        delete data;  // NOLINT(cppcoreguidelines-owning-memory)
      },
      begun);
  exports.Set("lockProcess", Napi::Function::New(env, Lock, "lockProcess", begun));
  exports.Set("unlockProcess", Napi::Function::New(env, Unlock, "unlockProcess", begun));
  exports.Set("askKernel", Napi::Function::New(env, Ask));
  exports.Set("trialDrop", Napi::Function::New(env, Trial));
  exports.Set("prepareAttempts", Napi::Function::New(env, Prepare));
  exports.Set("closeAttempts", Napi::Function::New(env, Close));
  exports.Set("beginDrop", Napi::Function::New(env, Begin));
  exports.Set("tryInEveryThread", Napi::Function::New(env, TryEverywhere));
  exports.Set("finishDrop", Napi::Function::New(env, Finish));
  exports.Set("markUnfinished", Napi::Function::New(env, Mark));
  exports.Set("unfinishedReason", Napi::Function::New(env, Reason));
}

}  // namespace disablenetwork
