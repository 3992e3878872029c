// SPDX-License-Identifier: Apache-2.0
// Text as a template argument: compilers print it, and so an error message can be computed.
#pragma once

#include <cstddef>
#include <string_view>

namespace quartet::wire::detail {

template <std::size_t N> struct text {
  consteval explicit text(std::string_view from) {
    for (std::size_t i = 0; i < N; ++i) letters[i] = from[i];
    letters[N] = '\0';  // written, or Clang does not see that this is text
  }
  constexpr std::string_view view() const { return {letters, N}; }

  char letters[N + 1] = {};
};

template <text A, text B> consteval auto join() {
  char both[A.view().size() + B.view().size() + 1] = {};
  std::size_t end = 0;
  for (char const c : A.view()) both[end++] = c;
  for (char const c : B.view()) both[end++] = c;
  return text<sizeof(both) - 1>({both, end});
}

/// `before`, a number, `after`.
template <std::size_t Number> consteval auto numbered(char before, char after) {
  char digits[3] = {};
  std::size_t count = 0;
  if (Number >= 10) digits[count++] = static_cast<char>('0' + Number / 10 % 10);
  digits[count++] = static_cast<char>('0' + Number % 10);
  char all[5] = {before};
  for (std::size_t i = 0; i < count; ++i) all[i + 1] = digits[i];
  all[count + 1] = after;
  constexpr std::size_t size = Number >= 10 ? 4 : 3;
  return text<size>({all, size});
}

/// Clang prints the first 36 characters of a text; of a longer path the end matters, and whether
/// it begins with "result: " or the number of an argument.
template <text Path> consteval auto printable() {
#ifdef __clang__
  constexpr std::size_t size_max = 36, colon = Path.view().substr(0, 14).find(": ");
  constexpr std::size_t head = colon == std::string_view::npos ? 0 : colon + 2;
  if constexpr (Path.view().size() > size_max) {
    constexpr std::size_t tail = size_max - head - 2;
    return join<text<head + 2>(
                    join<text<head>(Path.view().substr(0, head)), text<2>("..")>().view()),
                text<tail>(Path.view().substr(Path.view().size() - tail))>();
  } else {
    return Path;
  }
#else
  return Path;
#endif
}

// Evaluates to the text<N> of a constant string_view.
#define QUARTET_TEXT(...) \
  ::quartet::wire::detail::text<std::string_view(__VA_ARGS__).size()>(std::string_view(__VA_ARGS__))

}  // namespace quartet::wire::detail
