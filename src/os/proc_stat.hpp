// SPDX-License-Identifier: Apache-2.0
// Small files of /proc, read without allocation: somebody may be stuck in malloc.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace quartet::os {

/// The first bytes of a file; empty if it cannot be read.
struct proc_text {
  char data[4096];
  std::string_view text;
  explicit proc_text(char const* path) noexcept;
};

/// Takes the next field between blanks off `text`; empty at the end.
std::string_view next_field(std::string_view& text) noexcept;

/// What the `stat` file of a process or a thread says.
struct proc_stat {
  char state;
  std::chrono::nanoseconds user, system;  // in clock ticks, 10 ms as a rule
};

/// Nothing if that is no such file.
std::optional<proc_stat> parse_stat(std::string_view text) noexcept;

}  // namespace quartet::os
