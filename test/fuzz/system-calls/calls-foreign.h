/* SPDX-License-Identifier: MIT */
/* Other system call interfaces of x86-64, each in a process that may be killed for it. */
#pragma once

#include <linux/net.h>
#include <sys/mman.h>

#include "calls-processes.h"

#if defined(__x86_64__)
/* Pointers of 32-bit calls have to lie below 4 GiB. */
static unsigned char *low_memory(void) {
  static unsigned char *memory;
  if (memory == NULL) {
    memory =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    if (memory == MAP_FAILED) _exit(1);
  }
  return memory;
}

static long call_int80(uint32_t number, const uint32_t given[5]) {
  long answer;
  __asm__ volatile("int $0x80"
                   : "=a"(answer)
                   : "a"((uint64_t)number), "b"((uint64_t)given[0]), "c"((uint64_t)given[1]),
                     "d"((uint64_t)given[2]), "S"((uint64_t)given[3]), "D"((uint64_t)given[4])
                   : "memory", "r8", "r9", "r10", "r11");
  return answer;
}

static long as_errno(long answer) {
  if (answer >= 0 || answer < -4095) return answer;
  errno = (int)-answer;
  return -1;
}

static void step_socketcall(void) {
  uint32_t *arguments = (uint32_t *)low_memory();
  unsigned char *address = low_memory() + 256;
  const unsigned operation = once_in(3) ? SYS_SOCKET : 1 + pick(20);
  const socklen_t length = any_address(address);
  for (unsigned index = 0; index < 6; ++index) arguments[index] = pick(64);
  arguments[0] =
      operation == SYS_SOCKET ? (once_in(2) ? AF_INET : AF_INET6) : (uint32_t)any_descriptor();
  if (operation == SYS_SOCKET) arguments[1] = 1 + pick(3);
  if (operation == SYS_BIND || operation == SYS_CONNECT) {
    arguments[1] = (uint32_t)P(address);
    arguments[2] = length;
  }
  if (operation == SYS_SENDTO) {
    arguments[1] = arguments[4] = (uint32_t)P(address);
    arguments[3] = MSG_DONTWAIT | MSG_NOSIGNAL | (once_in(4) ? MSG_FASTOPEN : 0);
    arguments[5] = length;
  }
  if (operation == SYS_SHUTDOWN) return;
  const uint32_t given[5] = {operation, (uint32_t)P(arguments), 0, 0, 0};
  keep(remember(CALL_int80_socketcall, as_errno(call_int80(102, given))));
}

/* The direct numbers of arch/x86/entry/syscalls/syscall_32.tbl, from socket to sendmsg. */
static void step_direct(void) {
  static const uint32_t numbers[] = {359, 361, 362, 363, 366, 369, 370};
  unsigned char *address = low_memory() + 256;
  const uint32_t number = PICK_FROM(numbers);
  uint32_t given[5] = {(uint32_t)any_descriptor(), (uint32_t)P(address), any_address(address),
                       pick(16), 0};
  if (number == 359)
    memcpy(given, (uint32_t[]){once_in(2) ? AF_INET : AF_INET6, 1 + pick(3), 0}, 12);
  if (number == 366) memcpy(given + 1, (uint32_t[]){SOL_IP, IP_ADD_MEMBERSHIP}, 8);
  keep(remember(CALL_int80_direct, as_errno(call_int80(number, given))));
}

static void step_x32(void) {
  static const uint64_t numbers[] = {SYS_socket, SYS_connect, SYS_bind, SYS_sendto,
                                     518,        541,         538,      SYS_listen};
  unsigned char address[ADDRESS_ROOM];
  const uint64_t number = PICK_FROM(numbers);
  const socklen_t length = any_address(address);
  const long answer =
      number == SYS_socket
          ? syscall((long)(number | 0x40000000), once_in(2) ? AF_INET : AF_INET6, 1 + pick(3), 0)
          : syscall((long)(number | 0x40000000), any_descriptor(), address, length, MSG_DONTWAIT,
                    address, length);
  keep(remember(CALL_x32, answer));
}

static void sacrifice(void (*step)(void)) {
  if (depth > 1) return;
  const pid_t pid = fork();
  if (pid == 0) {
    ++depth;
    start_clock();
    random_state = mix(random_state + 78);
    for (unsigned left = 12; left > 0; --left) {
      step();
      if (once_in(3)) make_calls(1);
    }
    _exit(0);
  }
  bury(pid);
}

static void try_int80_socketcall(void) { sacrifice(step_socketcall); }
static void try_int80_direct(void) { sacrifice(step_direct); }
static void try_x32(void) { sacrifice(step_x32); }
#else
static void try_int80_socketcall(void) {}
static void try_int80_direct(void) {}
static void try_x32(void) {}
#endif
