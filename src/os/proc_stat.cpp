// SPDX-License-Identifier: Apache-2.0
// "7 (name) S 1 ...": the state is field 3, user and system time are fields 14 and 15.
#include "proc_stat.hpp"

#include <algorithm>
#include <charconv>
#include <fcntl.h>
#include <unistd.h>

#include <quartet/os/fd.hpp>

namespace quartet::os {

proc_text::proc_text(char const* path) noexcept {
  fd const f(open(path, O_RDONLY | O_CLOEXEC));
  ssize_t const n = f ? read(f.get(), data, sizeof data) : 0;
  text = {data, static_cast<std::size_t>(n > 0 ? n : 0)};
}

std::string_view next_field(std::string_view& text) noexcept {
  text.remove_prefix(std::min(text.find_first_not_of(" \n"), text.size()));
  std::string_view const field = text.substr(0, text.find_first_of(" \n"));
  text.remove_prefix(field.size());
  return field;
}

namespace {
bool take_ticks(std::chrono::nanoseconds& into, std::string_view& text) noexcept {
  std::string_view const field = next_field(text);
  long long ticks = 0;
  if (std::from_chars(field.data(), field.data() + field.size(), ticks).ec != std::errc())
    return false;
  into = ticks * (std::chrono::nanoseconds(std::chrono::seconds(1)) / sysconf(_SC_CLK_TCK));
  return true;
}
}  // namespace

std::optional<proc_stat> parse_stat(std::string_view text) noexcept {
  auto const name_end = text.rfind(')');  // the name may hold blanks and parentheses
  if (name_end == text.npos) return {};
  text.remove_prefix(name_end + 1);
  std::string_view const state = next_field(text);
  for (int i = 4; i != 14; ++i) next_field(text);
  proc_stat s{state.empty() ? '?' : state[0], {}, {}};
  if (!take_ticks(s.user, text) || !take_ticks(s.system, text)) return {};
  return s;
}

}  // namespace quartet::os
