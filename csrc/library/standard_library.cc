// SPDX-License-Identifier: MIT
// What the templates of the C++ library call outside of their headers. Defined here, so that the
// addon needs no libstdc++ in the process and one file loads beside any C library. Nothing is
// thrown: the addon is built without exceptions, and these end the process.
#include <stdlib.h>

#include <functional>
#include <new>
#include <string>
#include <system_error>

// AddressSanitizer brings operators of its own, which look for mistakes.
#if !defined(__SANITIZE_ADDRESS__)

// These are the ones that own memory.
// NOLINTBEGIN(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory)
void* operator new(size_t size) {
  void* const memory = malloc(size == 0 ? 1 : size);
  if (memory == nullptr) abort();
  return memory;
}

void* operator new[](size_t size) { return operator new(size); }
void operator delete(void* memory) noexcept { free(memory); }
void operator delete[](void* memory) noexcept { free(memory); }
void operator delete(void* memory, size_t) noexcept { free(memory); }
void operator delete[](void* memory, size_t) noexcept { free(memory); }
// NOLINTEND(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory)

// NOLINTBEGIN(bugprone-reserved-identifier,cert-*,readability-identifier-naming)
namespace std {

void __throw_bad_alloc() { abort(); }
void __throw_bad_array_new_length() { abort(); }
void __throw_bad_function_call() { abort(); }
void __throw_invalid_argument(const char*) { abort(); }
void __throw_length_error(const char*) { abort(); }
void __throw_logic_error(const char*) { abort(); }
void __throw_out_of_range(const char*) { abort(); }
void __throw_out_of_range_fmt(const char*, ...) { abort(); }
void __throw_system_error(int) { abort(); }

}  // namespace std
// NOLINTEND(bugprone-reserved-identifier,cert-*,readability-identifier-naming)

#endif
