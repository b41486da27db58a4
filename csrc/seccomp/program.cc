// SPDX-License-Identifier: MIT
#include "seccomp/program.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stddef.h>

namespace disablenetwork {
namespace {

#if defined(__x86_64__)
constexpr uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
#error "The seccomp filter knows x86-64 and arm64 only"
#endif

constexpr uint16_t kLoad = BPF_LD | BPF_W | BPF_ABS;
constexpr uint16_t kAnd = BPF_ALU | BPF_AND | BPF_K;
constexpr uint16_t kJumpEqual = BPF_JMP | BPF_JEQ | BPF_K;
constexpr uint16_t kJumpGreaterOrEqual = BPF_JMP | BPF_JGE | BPF_K;
constexpr uint16_t kJumpBits = BPF_JMP | BPF_JSET | BPF_K;
constexpr uint16_t kReturn = BPF_RET | BPF_K;
constexpr size_t kLongestJump = 255;

sock_filter Instruction(uint16_t code, uint32_t value, uint8_t when_true = 0,
                        uint8_t when_false = 0) {
  return sock_filter{code, when_true, when_false, value};
}

}  // namespace

void CallRules::Emit(uint16_t code, uint32_t value, uint8_t when_true, uint8_t when_false) {
  body_.push_back(Instruction(code, value, when_true, when_false));
}

// The kernel takes an int from the low half of its register and ignores the rest, so a filter that
// compared all 64 bits would be bypassed by setting one of the upper ones. Both architectures are
// little-endian: the low half comes first.
void CallRules::Load(unsigned argument, bool high_half) {
  const size_t offset =
      offsetof(seccomp_data, args) + argument * sizeof(uint64_t) + (high_half ? 4 : 0);
  Emit(kLoad, static_cast<uint32_t>(offset));
}

void CallRules::ReturnErrno(uint32_t error) {
  Emit(kReturn, SECCOMP_RET_ERRNO | (error & SECCOMP_RET_DATA));
}

void CallRules::Deny() { ReturnErrno(static_cast<uint32_t>(denied_errno_)); }

void CallRules::DenyUnless(unsigned argument, std::initializer_list<uint32_t> values,
                           uint32_t mask) {
  Load(argument);
  if (mask != ~0U) Emit(kAnd, mask);
  size_t behind = values.size();
  for (const uint32_t value : values) {
    // A match jumps over the comparisons that are left and over the denial.
    Emit(kJumpEqual, value, static_cast<uint8_t>(behind--), 0);
  }
  Deny();
}

void CallRules::DenyWhen(unsigned argument, std::initializer_list<uint32_t> values) {
  Load(argument);
  for (const uint32_t value : values) {
    Emit(kJumpEqual, value, 0, 1);
    Deny();
  }
}

void CallRules::DenyWhenBits(unsigned argument, uint32_t bits) {
  Load(argument);
  Emit(kJumpBits, bits, 0, 1);
  Deny();
}

void CallRules::DenyWhenPointer(unsigned argument) {
  for (const bool high_half : {false, true}) {
    Load(argument, high_half);
    Emit(kJumpEqual, 0, 1, 0);
    Deny();
  }
}

void CallRules::DenyWhenPair(unsigned argument, uint32_t value, unsigned other,
                             std::initializer_list<uint32_t> values) {
  Load(argument);
  // Skips the load of the other argument, and a comparison and a denial for each value.
  Emit(kJumpEqual, value, 0, static_cast<uint8_t>(1 + 2 * values.size()));
  DenyWhen(other, values);
}

void CallRules::AllowOnlyPair(unsigned argument, uint32_t value, unsigned other,
                              std::initializer_list<uint32_t> values) {
  Load(argument);
  // Skips a load, a comparison for each value, the denial and the allowance.
  Emit(kJumpEqual, value, 0, static_cast<uint8_t>(values.size() + 3));
  DenyUnless(other, values);
  Emit(kReturn, SECCOMP_RET_ALLOW);
}

void CallRules::FailWhen(unsigned argument, uint32_t value, uint32_t with_errno) {
  Load(argument);
  Emit(kJumpEqual, value, 0, 1);
  ReturnErrno(with_errno);
}

// seccomp(2), "BUGS and caveats": system call numbers mean something only together with the
// architecture, and x32 shares x86-64's. A foreign architecture (int 0x80 from a 64-bit process,
// or a 32-bit program) ends the process: its socketcall() hides everything behind a pointer, and
// a program that gets an error for each call, exit() included, could only spin or crash in some
// place that explains nothing. An x32 number gets what a kernel without x32 answers; -1 is what a
// tracer leaves behind when it skips a call, and no call at all.
SeccompFilter::SeccompFilter() {
  program_.push_back(Instruction(kLoad, offsetof(seccomp_data, arch)));
  program_.push_back(Instruction(kJumpEqual, kArchitecture, 1, 0));
  program_.push_back(Instruction(kReturn, SECCOMP_RET_KILL_PROCESS));
  program_.push_back(Instruction(kLoad, offsetof(seccomp_data, nr)));
#if defined(__x86_64__)
  constexpr uint32_t kX32SyscallBit = 0x40000000;
  program_.push_back(Instruction(kJumpGreaterOrEqual, kX32SyscallBit, 0, 2));
  program_.push_back(Instruction(kJumpEqual, ~0U, 1, 0));
  program_.push_back(Instruction(kReturn, SECCOMP_RET_ERRNO | ENOSYS));
#endif
}

// Each call's rules end in a return, so that the accumulator still holds the number wherever the
// next comparison runs. Calls without rules depend on the number alone: the kernel sees that when
// it installs the filter and never runs it for them (Linux 5.11, commit 8e01b51a31a1).
void SeccompFilter::Call(int number, int denied_errno,
                         const std::function<void(CallRules&)>& add_rules) {
  CallRules rules(denied_errno);
  add_rules(rules);
  rules.Emit(kReturn, SECCOMP_RET_ALLOW);
  if (!numbers_.insert(number).second || rules.body_.size() > kLongestJump) {
    valid_ = false;
    return;
  }
  program_.push_back(Instruction(kJumpEqual, static_cast<uint32_t>(number), 0,
                                 static_cast<uint8_t>(rules.body_.size())));
  program_.insert(program_.end(), rules.body_.begin(), rules.body_.end());
}

void SeccompFilter::Deny(int number, int denied_errno) {
  Call(number, denied_errno, [](CallRules& rules) { rules.Deny(); });
}

std::vector<sock_filter> SeccompFilter::Finish() const {
  std::vector<sock_filter> finished = program_;
  finished.push_back(Instruction(kReturn, SECCOMP_RET_ALLOW));
  if (!valid_ || finished.size() > BPF_MAXINSNS) return {};
  return finished;
}

}  // namespace disablenetwork
