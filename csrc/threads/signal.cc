// SPDX-License-Identifier: MIT
#include "threads/signal.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <utility>

#include "kernel/syscall.h"
#include "library/clock.h"
#include "library/set_id_signal.h"

namespace disablenetwork {
namespace {

// The C libraries refuse to block, catch or send these numbers through their own functions, so the
// calls are made raw.

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

// A signal handler can be reached through process-wide variables alone; hence these.
// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables)
std::atomic<RequestTable*> current_table{nullptr};
std::atomic<int> handlers_looking{0};
std::atomic<void (*)(int, siginfo_t*, void*)> lender{nullptr};
// Its address tells the signals of this copy of the addon from all others.
char signature = 0;
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)

int Action(const KernelAction* fresh, KernelAction* old) {
  return static_cast<int>(
      RawSyscall(SYS_rt_sigaction, SetIdSignal(), Address(fresh), Address(old), sizeof(uint64_t)));
}

// SIG_DFL is 0 and SIG_IGN is 1, in place of an address.
bool IsFunction(void (*handler)(int, siginfo_t*, void*)) {
  return reinterpret_cast<uintptr_t>(handler) > 1;
}

// Answers a request to this thread, if there is one.
__attribute__((no_stack_protector, no_sanitize("address", "undefined"))) bool Respond() {
  handlers_looking.fetch_add(1);
  RequestTable* table = current_table.load();
  const pid_t tid = static_cast<pid_t>(RawSyscall(SYS_gettid));
  ThreadRequest* own = nullptr;
  for (size_t index = 0; table != nullptr && own == nullptr && index < table->size; ++index) {
    ThreadRequest& request = table->requests[index];
    int pending = ThreadRequest::kPending;
    if (request.tid == tid &&
        request.state.compare_exchange_strong(pending, ThreadRequest::kRunning)) {
      own = &request;
    }
  }
  // Whoever shows the table waits for every running request, so it stays from here on.
  handlers_looking.fetch_sub(1);
  if (own == nullptr) return false;
  own->result = table->respond(own, table->argument);
  own->state.store(ThreadRequest::kDone, std::memory_order_release);
  return true;
}

// Runs on whatever thread the signal reached, in the middle of anything. No stack protector and no
// sanitizer: a thread made by raw clone() has no thread-local storage to keep them in. Signals of
// the C library (a set-id call may be under way) and of another copy of this addon are not ours and
// go to whoever had the signal before. One of ours may come late, to a thread that was silent: then
// it answers what the thread is asked now, or nothing.
__attribute__((no_stack_protector, no_sanitize("address", "undefined"))) void Handle(
    int number, siginfo_t* information, void* context) {
  const bool is_ours =
      information->si_code == SI_QUEUE && information->si_value.sival_ptr == &signature;
  if (is_ours) {
    Respond();
    return;
  }
  const auto other = lender.load();
  if (IsFunction(other)) other(number, information, context);
}

// The handler stays when it is there: a late signal must never meet the default action, which ends
// the process. musl sets the action anew for each set-id call, so it is looked at each time.
int InstallHandler() {
  KernelAction action = {};
  action.handler = Handle;
  action.flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
#if defined(__x86_64__)
  action.flags |= kRestorerFlag;
  action.restorer = disablenetwork_signal_return;
#endif
  KernelAction present = {};
  const int error = Action(nullptr, &present);
  if (error < 0 || present.handler == Handle) return error;
  lender.store(present.handler);
  return Action(&action, nullptr);
}

}  // namespace

SignalLoan::SignalLoan(std::unique_ptr<RequestTable> table)
    : table_(std::move(table)), error_(InstallHandler()) {
  if (error_ == 0) current_table.store(table_.get());
}

// A thread that was silent may still look into the table, and one that is stopped in its handler
// may do so whenever: then the table is given up for good.
SignalLoan::~SignalLoan() {
  if (error_ != 0) return;
  current_table.store(nullptr);
  constexpr int64_t kPatience = 100;
  const int64_t deadline = NowMilliseconds() + kPatience;
  const auto is_used = [this] {
    if (handlers_looking.load() != 0) return true;
    for (size_t index = 0; index < table_->size; ++index) {
      if (table_->requests[index].state.load() == ThreadRequest::kRunning) return true;
    }
    return false;
  };
  while (is_used()) {
    if (NowMilliseconds() > deadline) {
      (void)table_.release();
      return;
    }
    RawSyscall(SYS_sched_yield);
  }
}

// tgkill() with a value: it is what the C library's own signals do not have.
int SignalLoan::Send(pid_t tid) const {
  siginfo_t information = {};
  information.si_signo = SetIdSignal();
  information.si_code = SI_QUEUE;
  information.si_pid = getpid();
  information.si_uid = getuid();
  information.si_value.sival_ptr = &signature;
  return static_cast<int>(
      RawSyscall(SYS_rt_tgsigqueueinfo, getpid(), tid, SetIdSignal(), Address(&information)));
}

int SignalLoan::Probe(pid_t tid) const {
  return static_cast<int>(RawSyscall(SYS_tgkill, getpid(), tid, 0));
}

}  // namespace disablenetwork
