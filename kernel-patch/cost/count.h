// SPDX-License-Identifier: MIT
// Counting instructions. Under QEMU's -icount shift=0 the time stamp counter goes up by one with
// each instruction of the guest, the kernel's included, so the difference of two readings is a
// count.
#ifndef COST_COUNT_H_
#define COST_COUNT_H_

#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>

static inline uint64_t counter(void) {
  uint32_t low, high;
  __asm__ volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
  return (uint64_t)high << 32 | low;
}

// A system call and nothing around it: glibc's wrappers would be counted, too, and some of them do
// more.
static inline long call6(long number, long a, long b, long c, long d, long e, long f) {
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}

#define CALL(number, a, b, c, d, e, f) \
  call6(number, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

// Counts one system call, keeps the count and answers what the call returned: -errno on failure.
#define COUNT(number, a, b, c, d, e, f)                        \
  ({                                                           \
    const uint64_t before_ = counter();                        \
    const long result_ = CALL(SYS_##number, a, b, c, d, e, f); \
    const uint64_t after_ = counter();                         \
    keep_count(after_ - before_);                              \
    result_;                                                   \
  })

void keep_count(uint64_t count);

// Prints all counts that were kept since the last call, each with how often it came:
// "count NAME VALUE*TIMES ...".
void print_counts(const char *name);

// Prints "value NAME NUMBER".
void print_value(const char *name, long value);

// Ends the program with a message when the condition does not hold. A call that fails takes another
// path, whose length says nothing.
#define NEED(condition)                                        \
  do {                                                         \
    if (!(condition)) give_up(__FILE__, __LINE__, #condition); \
  } while (0)

__attribute__((noreturn)) void give_up(const char *file, int line, const char *condition);

#endif  // COST_COUNT_H_
