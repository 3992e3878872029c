// SPDX-License-Identifier: Apache-2.0
// Reports a failed assertion without allocating, then aborts.
#include <cstdio>
#include <cstdlib>

#include <quartet/base/assert.hpp>

namespace quartet::detail {

void assertion_failed(char const* condition, char const* message, char const* file,
                      unsigned line) noexcept {
  std::fprintf(stderr, "quartet: %s\n  %s does not hold at %s:%u\n", message, condition, file,
               line);
  std::fflush(stderr);
  std::abort();
}

}  // namespace quartet::detail
