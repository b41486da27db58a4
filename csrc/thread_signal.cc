// SPDX-License-Identifier: MIT
#include "thread_signal.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <mutex>

#include "raw_syscall.h"

namespace disablenetwork {
namespace {

// The C libraries refuse to block, catch or send these numbers through their own functions, so the
// calls are made raw. SIGSETXID of glibc (nptl/nptl-signals), SIGSYNCCALL of musl
// (src/internal/pthread_impl.h).
#if defined(__GLIBC__)
constexpr int kSetIdSignal = 33;
#else
constexpr int kSetIdSignal = 34;
#endif

// The kernel's own struct sigaction, which differs from the C library's.
struct KernelAction {
  void (*handler)(int, siginfo_t*, void*);
  unsigned long flags;
#if defined(__x86_64__)
  void (*restorer)();
#endif
  uint64_t mask;
};

#if defined(__x86_64__)
constexpr unsigned long kRestorerFlag = 0x04000000;  // SA_RESTORER
// x86-64 has no default return from a signal handler: the action has to bring one.
__asm__(
    ".pushsection .text\n"
    ".type disablenetwork_signal_return, @function\n"
    "disablenetwork_signal_return:\n"
    "  mov $15, %rax\n"  // rt_sigreturn
    "  syscall\n"
    ".size disablenetwork_signal_return, .-disablenetwork_signal_return\n"
    ".popsection\n");
extern "C" void disablenetwork_signal_return() __asm__("disablenetwork_signal_return");
#endif

// A signal handler can be reached through process-wide variables alone, and the signal is the
// process's; hence these. They are set while the loan lasts.
// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables)
std::mutex loan_mutex;
std::atomic<RequestTable*> current_table{nullptr};
KernelAction lender_action = {};
bool handler_stays = false;
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)

int Action(const KernelAction* fresh, KernelAction* old) {
  return static_cast<int>(
      RawSyscall(SYS_rt_sigaction, kSetIdSignal, Address(fresh), Address(old), sizeof(uint64_t)));
}

// SIG_DFL is 0 and SIG_IGN is 1, in place of an address.
bool IsFunction(void (*handler)(int, siginfo_t*, void*)) {
  return reinterpret_cast<uintptr_t>(handler) > 1;
}

// Runs on whatever thread the signal reached, in the middle of anything. No stack protector and no
// sanitizer: a thread made by raw clone() has no thread-local storage to keep them in. A set-id
// call of the C library may be under way at the same time: real-time signals queue, so each thread
// gets one for its request and one for the library, and it does not matter which is which.
__attribute__((no_stack_protector, no_sanitize("address", "undefined"))) void Handle(
    int number, siginfo_t* information, void* context) {
  RequestTable* table = current_table.load(std::memory_order_acquire);
  const pid_t tid = static_cast<pid_t>(RawSyscall(SYS_gettid));
  for (size_t index = 0; table != nullptr && index < table->size; ++index) {
    ThreadRequest& request = table->requests[index];
    if (request.tid != tid) continue;
    int pending = ThreadRequest::kPending;
    if (!request.state.compare_exchange_strong(pending, ThreadRequest::kRunning)) continue;
    request.result = table->operation(table->argument);
    request.state.store(ThreadRequest::kDone, std::memory_order_release);
    return;
  }
  if (IsFunction(lender_action.handler)) lender_action.handler(number, information, context);
}

}  // namespace

SignalLoan::SignalLoan(RequestTable* table) {
  loan_mutex.lock();
  if (handler_stays) {
    // An earlier broadcast lost a thread; its signal may still arrive, for a request that is gone.
    error_ = -EBUSY;
    return;
  }
  KernelAction action = {};
  action.handler = Handle;
  action.flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
#if defined(__x86_64__)
  action.flags |= kRestorerFlag;
  action.restorer = disablenetwork_signal_return;
#endif
  error_ = Action(nullptr, &lender_action);
  if (error_ < 0) return;
  current_table.store(table, std::memory_order_release);
  error_ = Action(&action, nullptr);
}

SignalLoan::~SignalLoan() {
  if (error_ == 0) {
    if (keep_) {
      handler_stays = true;
    } else {
      // No signal of ours is left: each thread has answered, or has gone and its queue with it.
      Action(&lender_action, nullptr);
      current_table.store(nullptr, std::memory_order_release);
    }
  }
  loan_mutex.unlock();
}

int SignalLoan::Send(pid_t tid) const {
  return static_cast<int>(RawSyscall(SYS_tgkill, getpid(), tid, kSetIdSignal));
}

int SignalLoan::Probe(pid_t tid) const {
  return static_cast<int>(RawSyscall(SYS_tgkill, getpid(), tid, 0));
}

}  // namespace disablenetwork
