// SPDX-License-Identifier: Apache-2.0
// @NAME@: say in one sentence what it is, and when to prefer it to its neighbour.
#pragma once

#include <quartet/seam/mutex.hpp>

namespace quartet {

/// Can be taken once until it is given back.
/// Threads: all members concurrently. Stop: not concerned, nothing waits. Errors: none.
/// Lifetime: destroyed when nobody uses it.
class @NAME@ {
 public:
  @NAME@() noexcept = default;
  @NAME@(@NAME@ const&) = delete;
  @NAME@& operator=(@NAME@ const&) = delete;

  /// True: it was free and is ours now. Blocks: never.
  bool try_take() noexcept;
  /// Gives it back. Blocks: never. Errors: giving back what is free is an assertion.
  void give_back() noexcept;

 private:
  seam::mutex guard_;   // guards the field below
  bool taken_ = false;  // true from try_take to give_back
};

}  // namespace quartet
