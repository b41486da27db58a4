// SPDX-License-Identifier: MIT
// gcc: -m32 -nostdlib -static -fno-stack-protector -fno-pie -no-pie
// A 32-bit program without a C library: exits with the errno of socket(AF_INET, SOCK_STREAM, 0), or 0.
// With an argument it enters the kernel through the vdso, which takes the quickest way.
__asm__(".globl _start\n_start: mov %esp, %eax\npush %eax\ncall run\n");

static int enter(unsigned long vdso, int number, const void *first, int second, int third) {
  int result = number;
  if (vdso != 0) {
    __asm__ volatile("call *%[entry]"
                     : "+a"(result)
                     : [entry] "S"(vdso), "b"(first), "c"(second), "d"(third)
                     : "memory");
  } else {
    __asm__ volatile("int $0x80" : "+a"(result) : "b"(first), "c"(second), "d"(third) : "memory");
  }
  return result;
}

void run(unsigned long *stack) {
  const unsigned long count = stack[0];
  unsigned long *word = stack + 1 + count + 1;
  unsigned long vdso = 0;
  while (*word != 0) word++;  // The environment.
  for (word++; word[0] != 0; word += 2) {
    if (word[0] == 32 && count > 1) vdso = word[1];  // AT_SYSINFO
  }
  const int fd = enter(vdso, 359, (const void *)2, 1, 0);
  enter(0, 1, (const void *)(fd < 0 ? -fd : 0), 0, 0);
}
