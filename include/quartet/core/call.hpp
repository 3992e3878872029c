// SPDX-License-Identifier: Apache-2.0
// The record that crosses the border between calling and executing.
#pragma once

#include <cstddef>
#include <exception>

#include <quartet/base/outcome.hpp>
#include <quartet/base/place.hpp>
#include <quartet/core/detail/share_account.hpp>
#include <quartet/core/priority.hpp>
#include <quartet/seam/clock.hpp>

namespace quartet {

namespace wire {
struct remote_ops;  // how a call leaves the process; core only carries the pointer
}
class stop_state;

/// What can lie in a worker's deque: a call, or the rest of a fork (core/detail/fork_frame.hpp).
/// Threads, stop, errors, lifetime: of what derives from it.
struct work_item {
  using run_function = void (*)(work_item&, std::size_t first, std::size_t last) noexcept;
  run_function run = nullptr;  ///< runs items [first, last); inlined once per chunk
};

/// One call, or `count` items of one function, given to an executor. What is called stays a
/// template in front of this border.
/// Threads: `run` may be called concurrently for disjoint ranges of items.
/// Stop: `scope` says so; `run` looks at it itself, an executor may `fail` items that wait.
/// Errors: none; the body keeps them. Lifetime: the executor must have settled every item, by
/// `run` or by `fail`, exactly once; afterwards it must not touch the call again.
struct call : work_item {
  using fail_function = void (*)(call&, std::size_t first, std::size_t last, ending how,
                                 std::exception_ptr error) noexcept;

  /// Why a call is started: anew, because what it waited for has come, or because it yielded and
  /// wants to stand behind all others.
  enum class turn : unsigned char { fresh, resumed, yielded };

  // First what a queue and a worker look at, so that they need one line of a small call.
  call* next = nullptr;  ///< the executor's own: link in a queue
  std::size_t count = 1;
  turn why = turn::fresh;
  priority level = priority::normal;
  bool many = false;                   ///< stands for several calls, which go on from one another
  detail::account_number account = 0;  ///< who pays for a turn in the background
  unsigned workers = 0;                ///< at most this many at once; 0: as the executor likes
  unsigned retries = 0;  ///< further attempts for an item that failed; `run` sees to them itself
  fail_function fail = nullptr;  ///< settles items without running them; null: cannot fail
  wire::remote_ops const* remote = nullptr;  ///< null: must run in this process
  stop_state* scope = nullptr;               ///< null: a resumption, which is never dropped
  duration timeout{};                        ///< 0: none; counted from the start of each item
  char const* name = nullptr;                ///< null: unnamed
  place where{};
  std::size_t chunk = 0;  ///< items given to a worker at once; 0: as the executor likes
};

}  // namespace quartet
