// SPDX-License-Identifier: MIT
// Traces a child of its own and turns the child's getppid() into socket(AF_INET, SOCK_STREAM, 0)
// after the kernel has taken the call, as a tracer may. Prints what the child got.
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

static int fail(const char *what) {
  perror(what);
  return 1;
}

int main(void) {
  const pid_t child = fork();
  if (child == 0) {
    if (ptrace(PTRACE_TRACEME, 0, 0, 0) != 0) return fail("PTRACE_TRACEME");
    raise(SIGSTOP);
    syscall(SYS_getppid);
    _exit(0);
  }
  int status;
  struct user_regs_struct registers;
  if (waitpid(child, &status, 0) < 0 || !WIFSTOPPED(status)) return fail("waitpid");
  for (;;) {
    if (ptrace(PTRACE_SYSCALL, child, 0, 0) != 0) return fail("PTRACE_SYSCALL");
    if (waitpid(child, &status, 0) < 0 || !WIFSTOPPED(status)) return fail("waitpid");
    if (ptrace(PTRACE_GETREGS, child, 0, &registers) != 0) return fail("PTRACE_GETREGS");
    if (registers.orig_rax == SYS_getppid) break;
  }
  registers.orig_rax = SYS_socket;
  registers.rdi = 2;
  registers.rsi = 1;
  registers.rdx = 0;
  if (ptrace(PTRACE_SETREGS, child, 0, &registers) != 0) return fail("PTRACE_SETREGS");
  if (ptrace(PTRACE_SYSCALL, child, 0, 0) != 0) return fail("PTRACE_SYSCALL");
  if (waitpid(child, &status, 0) < 0) return fail("waitpid");
  if (ptrace(PTRACE_GETREGS, child, 0, &registers) != 0) return fail("PTRACE_GETREGS");
  printf("%lld\n", (long long)registers.rax);
  kill(child, SIGKILL);
  return 0;
}
