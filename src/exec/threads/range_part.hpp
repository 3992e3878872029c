// SPDX-License-Identifier: Apache-2.0
// Calls of many items, split between workers while they run.
//
// A call may be gone as soon as its last item is settled, so the pool's queues never hold it:
// they hold parts, records of our own that name a range of items nobody has run. Whoever holds a
// part holds unsettled items, so the call is alive; its last use of the call is the `run` of the
// part's last items. What it needs later (grain, limit) is in the part.
//
// A part is run in chunks. Before each, if its worker's deque is empty and somebody is without
// work, the farther half becomes a part of its own that can be stolen (lazy binary splitting,
// Tzannes et al., PPoPP 2010, with the sleep word as the sign of demand). Chunks of cheap items
// grow until one is worth the bookkeeping. A part that has run for a while steps behind what waits,
// and what is left of one whose item waits for long is lent to the others (decision 0028).
#pragma once

#include <quartet/core/call.hpp>

namespace quartet::detail::pool {

class core;

/// The items of `c` as one part, to be queued. Null: no memory, the items have failed.
call* whole_range(core& home, call& c) noexcept;

/// Whether `queued` stands for `c`, or for a part of its items.
bool stands_for(call const& queued, call const& c) noexcept;

}  // namespace quartet::detail::pool
