// SPDX-License-Identifier: Apache-2.0
// What a pool knows of a call that was given to it: which items wait, run, are settled.
#pragma once

#include <cstddef>
#include <unordered_map>
#include <vector>

#include <quartet/base/intrusive_list.hpp>
#include <quartet/core/call.hpp>
#include <quartet/core/stop.hpp>

#include "functions.hpp"

namespace quartet::detail::processes {

class supervisor;

/// Threads: guarded by the seat of its pool, but for `asked`.
/// Lifetime: made when the call is taken up, deleted with its last item. With the last item the
/// call may be gone: the job is unknown to all others before that item is settled.
struct job : list_node {  // linked: some item waits to be given to a worker
  job(supervisor& s, call& c, function_entry& f) noexcept;

  bool waits() const noexcept { return next < of.count || !again.empty(); }
  /// Takes the next item that waits.
  std::size_t take() noexcept {
    if (again.empty()) return next++;
    std::size_t const i = again.back();
    again.pop_back();
    return i;
  }
  /// Counts a failure of item `i`. True: it has attempts left.
  bool may_try_again(std::size_t i) {
    return of.retries != 0 && !stopping && failed[i]++ < of.retries;
  }
  /// Its own, or that of whoever waits for it.
  priority wanted_level() const noexcept {
    return of.scope == nullptr ? of.level : higher(of.level, of.scope->raised());
  }
  char const* name() const noexcept { return of.name != nullptr ? of.name : of.remote->name; }

  struct stop_watch : stop_hook {
    explicit stop_watch(job& j) noexcept;
    job& owner;
  };
  struct stop_asked : list_node {
    explicit stop_asked(job& j) noexcept : owner(j) {}
    job& owner;
  };

  supervisor& pool;
  call& of;
  function_entry& function;
  priority level;                                    // of the queue that it waits in
  std::size_t next = 0;                              // items from here on never went out
  std::vector<std::size_t> again;                    // items that came back
  std::unordered_map<std::size_t, unsigned> failed;  // attempts, of the items that had any
  std::size_t unsettled;
  std::size_t out = 0;  // items that are with workers
  bool stopping = false;
  stop_watch watch;
  stop_asked asked;  // linked: its scope was stopped; guarded by the inbox lock
};

}  // namespace quartet::detail::processes
