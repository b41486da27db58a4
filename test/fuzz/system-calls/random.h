/* SPDX-License-Identifier: MIT */
/* Random numbers that are the same for the same seed, one sequence a thread. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static __thread uint64_t random_state = 1;

static uint64_t mix(uint64_t value) {
  value += 0x9e3779b97f4a7c15;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
  value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
  return value ^ (value >> 31);
}

static uint64_t random_bits(void) { return mix(random_state++); }

/* From 0 to limit - 1. */
static unsigned pick(unsigned limit) { return limit == 0 ? 0 : (unsigned)(random_bits() % limit); }

/* True once in so many times. */
static int once_in(unsigned times) { return pick(times) == 0; }

static void fill_random(void *target, size_t length) {
  unsigned char *bytes = target;
  for (size_t index = 0; index < length; index += 8) {
    const uint64_t value = random_bits();
    memcpy(bytes + index, &value, length - index < 8 ? length - index : 8);
  }
}

/* Small, around a power of two, negative, or anything. */
static uint64_t random_integer(void) {
  switch (pick(5)) {
    case 0:
      return pick(4);
    case 1:
      return (UINT64_C(1) << pick(64)) + pick(3) - 1;
    case 2:
      return (uint64_t) - (int64_t)pick(40);
    case 3:
      return pick(4096);
    default:
      return random_bits();
  }
}

#define PICK_FROM(list) ((list)[pick(sizeof(list) / sizeof *(list))])
