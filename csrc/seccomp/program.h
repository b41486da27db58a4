// SPDX-License-Identifier: MIT
// Builds a classic BPF program for seccomp(2). A filter without the architecture and x32 prologue
// cannot be built: the constructor emits it, and the program can be had from Finish() alone.
#pragma once

#include <linux/filter.h>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <set>
#include <vector>

namespace disablenetwork {

// The rules of one system call, tried in the order in which they were added. What no rule denies
// is allowed.
class CallRules {
 public:
  explicit CallRules(int denied_errno) : denied_errno_(denied_errno) {}

  void Deny();
  // Denies when the argument is not one of the values, after masking.
  void DenyUnless(unsigned argument, std::initializer_list<uint32_t> values, uint32_t mask = ~0U);
  void DenyWhen(unsigned argument, std::initializer_list<uint32_t> values);
  void DenyWhenBits(unsigned argument, uint32_t bits);
  // Compares all 64 bits: the argument is a pointer.
  void DenyWhenPointer(unsigned argument);
  // Denies when one argument has the value and another is one of the values.
  void DenyWhenPair(unsigned argument, uint32_t value, unsigned other,
                    std::initializer_list<uint32_t> values);
  // Where one argument has the value, allows the call when another is one of the values, and denies
  // it else. Rules that follow are for the other values of the first.
  void AllowOnlyPair(unsigned argument, uint32_t value, unsigned other,
                     std::initializer_list<uint32_t> values);
  void FailWhen(unsigned argument, uint32_t value, uint32_t with_errno);

 private:
  friend class SeccompFilter;
  void Load(unsigned argument, bool high_half = false);
  void Emit(uint16_t code, uint32_t value, uint8_t when_true = 0, uint8_t when_false = 0);
  void ReturnErrno(uint32_t error);

  int denied_errno_;
  std::vector<sock_filter> body_;
};

class SeccompFilter {
 public:
  SeccompFilter();

  void Call(int number, int denied_errno, const std::function<void(CallRules&)>& add_rules);
  void Deny(int number, int denied_errno);

  // The program, or an empty one when it would not say what its rules say: a call named twice (the
  // second could never be reached), rules longer than a jump, or too many instructions.
  std::vector<sock_filter> Finish() const;

 private:
  std::vector<sock_filter> program_;
  std::set<int> numbers_;
  bool valid_ = true;
};

}  // namespace disablenetwork
