// SPDX-License-Identifier: Apache-2.0
// Which Linux runs here.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace quartet::os {

/// The first two numbers of a kernel's name: 5.15.
/// Threads: a value. Stop: not concerned. Errors: none. Lifetime: a value.
struct kernel {
  unsigned version = 0;
  unsigned patchlevel = 0;
  auto operator<=>(kernel const&) const = default;
};

/// The oldest kernel that quartet is made for.
inline constexpr kernel oldest_kernel{.version = 5, .patchlevel = 15};

/// The kernel's name, as `uname -r` prints it: "6.1.0-13-amd64".
std::string kernel_release();

/// The numbers that such a name begins with; nothing if it does not.
std::optional<kernel> parse_kernel(std::string_view release) noexcept;

}  // namespace quartet::os
