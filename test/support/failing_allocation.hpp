// SPDX-License-Identifier: Apache-2.0
// An allocation that fails when a test wants it to.
#pragma once

#include <cstddef>
#include <limits>

#include <quartet/seam/atomic.hpp>

namespace quartet::test {

/// Thread sanitizer has the global allocator for itself.
#if defined(QUARTET_TSAN)
inline constexpr bool allocations_can_fail = false;
#else
inline constexpr bool allocations_can_fail = true;
#endif

/// While it lives, the calling thread's next allocation of at least `min` and at most `max` bytes
/// throws bad_alloc; the ones after that succeed.
class failing_allocation {
 public:
  explicit failing_allocation(std::size_t min = 1,
                              std::size_t max = std::numeric_limits<std::size_t>::max());
  failing_allocation(failing_allocation const&) = delete;
  failing_allocation& operator=(failing_allocation const&) = delete;
  ~failing_allocation();
  /// Whether it has failed.
  bool happened() const noexcept;
};

}  // namespace quartet::test
