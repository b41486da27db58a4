// SPDX-License-Identifier: MIT
#pragma once

#include "kernel/function_view.h"

namespace disablenetwork {

// How the child that asks a question ended: 0 when it came to its end, -errno when it could not be
// made, or the number of the signal that ended it: SIGSYS when a filter kills whoever asks.
//
// The function runs in a process that ends at once, so that what it does to itself does not matter.
// It makes raw system calls only, and writes its answers where both see them (SharedAnswers).
int RunInChild(FunctionView<void()> function);

void* MapShared(unsigned long size);
void UnmapShared(void* memory, unsigned long size);

// Memory that a child shares even when it has a copy of everything else; false when there is none.
template <typename Answers>
class SharedAnswers {
 public:
  explicit SharedAnswers(const Answers& initial) : answers_(MapShared(sizeof(Answers))) {
    if (answers_ != nullptr) *static_cast<Answers*>(answers_) = initial;
  }
  ~SharedAnswers() { UnmapShared(answers_, sizeof(Answers)); }
  SharedAnswers(const SharedAnswers&) = delete;
  SharedAnswers& operator=(const SharedAnswers&) = delete;

  explicit operator bool() const { return answers_ != nullptr; }
  Answers& operator*() const { return *static_cast<Answers*>(answers_); }

 private:
  void* answers_;
};

}  // namespace disablenetwork
