/* SPDX-License-Identifier: MIT */
/* Whose a call about memory or locks is: V8 makes them as well, in the middle of the drop, and ends
 * the process when one fails. That is no fault of the drop, so those are left alone. */
#pragma once

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>

static int may_be_of_v8(uint64_t number) {
  switch (number) {
    case SYS_mmap:
    case SYS_munmap:
    case SYS_mremap:
    case SYS_mprotect:
    case SYS_madvise:
    case SYS_brk:
    case SYS_futex:
      return 1;
    default:
      return 0;
  }
}

struct code {
  uint64_t start, end;
  enum { CODE_LIBRARY, CODE_ADDON, CODE_LOADER, CODE_OTHER } kind;
};

#define MOST_CODE 256

/* Code without a file is V8's. */
static size_t read_code(pid_t pid, struct code *code) {
  char line[512];
  size_t count = 0;
  snprintf(line, sizeof line, "/proc/%d/maps", pid);
  FILE *maps = fopen(line, "r");
  while (maps != NULL && count < MOST_CODE && fgets(line, sizeof line, maps) != NULL) {
    unsigned long start, end;
    char permissions[8];
    if (sscanf(line, "%lx-%lx %7s", &start, &end, permissions) != 3 || permissions[2] != 'x')
      continue;
    code[count] = (struct code){start, end, CODE_OTHER};
    if (strstr(line, "/disablenetwork") != NULL && strstr(line, ".node") != NULL)
      code[count].kind = CODE_ADDON;
    if (strstr(line, "/ld-linux") != NULL) code[count].kind = CODE_LOADER;
    if (strstr(line, "/libc.so") != NULL || strstr(line, "/libstdc++") != NULL ||
        strstr(line, "/libgcc_s") != NULL) {
      code[count].kind = CODE_LIBRARY;
    }
    ++count;
  }
  if (maps != NULL) fclose(maps);
  return count;
}

static const struct code *code_at(const struct code *code, size_t count, uint64_t address) {
  for (size_t index = 0; index < count; ++index) {
    if (address >= code[index].start && address < code[index].end) return &code[index];
  }
  return NULL;
}

/* The caller of the C library is the first word on the stack that points to code outside of it.
 * What the addon calls without the library is told by the map of before: a map that has grown long
 * takes long to read. */
static int is_of_addon(pid_t pid, pid_t tid, uint64_t instruction, uint64_t stack) {
  static struct code code[MOST_CODE];
  static size_t count;
  static uint64_t words[4096];
  const struct code *at = code_at(code, count, instruction);
  if (at != NULL && at->kind == CODE_ADDON) return 1;
  count = read_code(pid, code);
  at = code_at(code, count, instruction);
  if (at == NULL || at->kind == CODE_OTHER) return 0;
  if (at->kind != CODE_LIBRARY) return 1;
  const struct iovec here = {words, sizeof words};
  const struct iovec there = {(void *)stack, sizeof words};
  const ssize_t length = process_vm_readv(tid, &here, 1, &there, 1, 0);
  for (ssize_t index = 0; index < length / (ssize_t)sizeof *words; ++index) {
    const struct code *caller = code_at(code, count, words[index]);
    if (caller != NULL && caller->kind != CODE_LIBRARY) return caller->kind != CODE_OTHER;
  }
  return 0;
}
