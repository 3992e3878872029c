// SPDX-License-Identifier: Apache-2.0
// What stands where calls of a higher level wait, for a call that was raised while it lies in a
// worker's deque.
#pragma once

#include <quartet/core/call.hpp>

namespace quartet::detail::pool {

/// To be queued at level `to`, above normal; runs `c`, or nothing if somebody has come to it in the
/// deque first. Null: it has begun, or has the level, or is no single call, or there is no memory.
call* second_place(call& c, priority to) noexcept;

}  // namespace quartet::detail::pool
