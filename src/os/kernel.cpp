// SPDX-License-Identifier: Apache-2.0
// uname(2).
#include <charconv>
#include <sys/utsname.h>

#include <quartet/os/kernel.hpp>

namespace quartet::os {

std::string kernel_release() {
  utsname name{};
  uname(&name);
  return name.release;
}

std::optional<kernel> parse_kernel(std::string_view release) noexcept {
  kernel k;
  char const* const end = release.data() + release.size();
  auto const [dot, first] = std::from_chars(release.data(), end, k.version);
  if (first != std::errc() || dot == end || *dot != '.') return {};
  auto const [rest, second] = std::from_chars(dot + 1, end, k.patchlevel);
  if (second != std::errc()) return {};
  return k;
}

}  // namespace quartet::os
