// SPDX-License-Identifier: Apache-2.0
// Synchronous execution: the call runs here and now.
#pragma once

#include <quartet/reactor/driven_executor.hpp>

namespace quartet {

/// `submit` returns when the call has ended: a function has run, a coroutine has been driven
/// through all its waits on the calling thread. The baseline of the other executors, and the one
/// to debug on.
///
/// Tasks that a group spawns run at once too, up to their first wait; what they wait for is driven
/// by the thread that waits for them. If several threads submit at the same time each runs its own
/// call; one of them drives what becomes ready, for all.
///
/// Threads: all members concurrently. Stop: see `future`; a call whose caller was asked to stop
/// does not run. Errors: std::system_error when made, if there are too many descriptors.
/// Lifetime: the destructor drives until every call has ended. A task that hops here from another
/// executor runs when somebody drives.
class inline_executor final : public driven_executor<any_call> {
 public:
  inline_executor() : driven_executor(detail::nesting::allowed) {}
  ~inline_executor() { drain(); }

  /// Runs `c` to its end if it is fresh. Blocks: the thread.
  void start(call& c) noexcept override;
};

}  // namespace quartet
