// SPDX-License-Identifier: MIT
#include "binding/broadcast_answer.h"

namespace disablenetwork {

Napi::Object ToObject(Napi::Env env, const Broadcast& broadcast) {
  Napi::Array answers = Napi::Array::New(env, broadcast.answers.size());
  for (uint32_t index = 0; index < broadcast.answers.size(); ++index) {
    Napi::Object answer = Napi::Object::New(env);
    answer.Set("tid", broadcast.answers[index].tid);
    answer.Set("result", broadcast.answers[index].result);
    answers.Set(index, answer);
  }
  Napi::Array silent = Napi::Array::New(env, broadcast.silent.size());
  for (uint32_t index = 0; index < broadcast.silent.size(); ++index) {
    silent.Set(index, broadcast.silent[index]);
  }
  Napi::Object object = Napi::Object::New(env);
  object.Set("result", broadcast.result);
  object.Set("answers", answers);
  object.Set("silent", silent);
  return object;
}

}  // namespace disablenetwork
