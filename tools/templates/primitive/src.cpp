// SPDX-License-Identifier: Apache-2.0
// @NAME@: free -> taken by whoever comes first, taken -> free by that one.
#include <quartet/base/assert.hpp>
#include <quartet/sync/@NAME@.hpp>

namespace quartet {

bool @NAME@::try_take() noexcept {
  seam::guard const held{guard_};
  if (taken_) return false;
  taken_ = true;
  return true;
}

void @NAME@::give_back() noexcept {
  seam::guard const held{guard_};
  QUARTET_ASSERT(taken_, "@NAME@: give_back without a try_take before it");
  taken_ = false;
}

}  // namespace quartet
