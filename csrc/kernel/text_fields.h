// SPDX-License-Identifier: MIT
// Reads what the kernel prints in /proc: lines of words that blanks part. The standard streams
// would do it too, but they bring the C++ library's locales along, which one file for every C
// library cannot have.
#pragma once

#include <algorithm>
#include <charconv>
#include <string_view>

namespace disablenetwork {

// Takes the next line off the front of the text, without its end; false when nothing is left.
inline bool TakeLine(std::string_view* text, std::string_view* line) noexcept {
  if (text->empty()) return false;
  *line = {text->data(), std::min(text->find('\n'), text->size())};
  text->remove_prefix(std::min(line->size() + 1, text->size()));
  return true;
}

// Takes the next word off the front of the line; false when nothing but blanks is left.
inline bool TakeWord(std::string_view* line, std::string_view* word) noexcept {
  constexpr std::string_view kBlanks = " \t\n";
  line->remove_prefix(std::min(line->find_first_not_of(kBlanks), line->size()));
  *word = {line->data(), std::min(line->find_first_of(kBlanks), line->size())};
  line->remove_prefix(word->size());
  return !word->empty();
}

// Whether all of the word is a number that fits; with base 16, "0x" may stand before it.
template <typename Number>
bool ParseNumber(std::string_view word, int base, Number* number) noexcept {
  if (base == 16 && word.compare(0, 2, "0x") == 0) word.remove_prefix(2);
  const char* const end = word.data() + word.size();
  const auto [stopped, error] = std::from_chars(word.data(), end, *number, base);
  return error == std::errc() && stopped == end;
}

template <typename Number>
bool TakeNumber(std::string_view* line, int base, Number* number) noexcept {
  std::string_view word;
  return TakeWord(line, &word) && ParseNumber(word, base, number);
}

// Whether the next word of the line is this one; takes it off.
inline bool TakeLabel(std::string_view* line, std::string_view label) noexcept {
  std::string_view word;
  return TakeWord(line, &word) && word == label;
}

}  // namespace disablenetwork
