// SPDX-License-Identifier: MIT
// A library that breaks a rule as soon as it is loaded: a sanitizer that lets it pass is not at work.
#include <limits.h>
#include <stdlib.h>

__attribute__((constructor)) static void Break(void) {
#ifdef PLANT_OVERRUN
  volatile char* bytes = malloc(8);
  bytes[8] = 1;
#endif
#ifdef PLANT_OVERFLOW
  volatile int number = INT_MAX;
  number = number + 1;
#endif
}
