// SPDX-License-Identifier: MIT
#pragma once

#include <type_traits>

namespace disablenetwork {

template <typename Signature>
class FunctionView;

// Refers to a function of the caller's, for the time of one call. std::function may allocate for
// what a lambda captures, which must not happen while other threads are held.
template <typename Result, typename... Arguments>
class FunctionView<Result(Arguments...)> {
 public:
  template <typename Function>
  FunctionView(Function&& function)  // NOLINT(google-explicit-constructor): stands for a lambda.
      : object_(&function), call_([](const void* object, Arguments... arguments) {
          return (*static_cast<const std::remove_reference_t<Function>*>(object))(arguments...);
        }) {}

  Result operator()(Arguments... arguments) const { return call_(object_, arguments...); }

 private:
  const void* object_;
  Result (*call_)(const void*, Arguments...);
};

}  // namespace disablenetwork
