// SPDX-License-Identifier: MIT
// A process that would pass for one without the network: its filter refuses a TCP socket of IPv4 with
// no flags, and nothing else, and answers PR_GET_NETWORK as a drop does. Prints whether a UDP socket
// can be made.
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define SKIP_UNLESS(value, count) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, count)
#define FAIL(number) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (number))
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

int main(void) {
  struct sock_filter instructions[] = {
      LOAD(nr),
      SKIP_UNLESS(SYS_socket, 6),
      LOAD(args[0]),
      SKIP_UNLESS(AF_INET, 3),
      LOAD(args[1]),
      SKIP_UNLESS(SOCK_STREAM, 1),
      FAIL(1),  // EPERM
      ALLOW,
      SKIP_UNLESS(SYS_prctl, 3),
      LOAD(args[0]),
      SKIP_UNLESS(0x4e455447, 1),  // PR_GET_NETWORK
      FAIL(0xe00 + 8 + 16),
      ALLOW,
  };
  const struct sock_fprog program = {sizeof instructions / sizeof *instructions, instructions};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return 1;
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0) return 1;
  if (socket(AF_INET, SOCK_STREAM, 0) >= 0) return 1;
  printf("%s\n", socket(AF_INET, SOCK_DGRAM, 0) >= 0 ? "open" : "closed");
  fflush(stdout);
  pause();
  return 0;
}
