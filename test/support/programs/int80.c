// SPDX-License-Identifier: MIT
// socket(AF_INET) by the 32-bit system call entry, from a 64-bit process: socketcall is number 102,
// its first operation is socket(). With a number as argument, that system call is made with the same
// arguments. Prints the descriptor or -errno.
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

int main(int count, char **values) {
  // The 32-bit entry sees 32-bit pointers only.
  unsigned int *arguments = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
  if (arguments == MAP_FAILED) return 1;
  arguments[0] = 2;
  arguments[1] = 1;
  arguments[2] = 0;
  int result = 102;
  if (count > 1) {
    result = atoi(values[1]);
    __asm__ volatile("int $0x80" : "+a"(result) : "b"(2), "c"(1), "d"(0) : "memory");
  } else {
    __asm__ volatile("int $0x80" : "+a"(result) : "b"(1), "c"(arguments) : "memory");
  }
  printf("%d\n", result);
  return 0;
}
