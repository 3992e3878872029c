// SPDX-License-Identifier: Apache-2.0
// Waits that would never end because they wait for each other.
#pragma once

#include <exception>
#include <string>
#include <vector>

#include <quartet/core/detail/scope_walk.hpp>
#include <quartet/seam/atomic.hpp>

namespace quartet {
class task_context;
}

namespace quartet::detail {

class call_record;

/// Who waits for a call: an entry in each record, and with it a graph in which everybody has one
/// way on, from a task to the call that it belongs to, and from that to the task that waits for it.
///
/// A task that waits for calls which it made itself closes no circle: what is made is younger than
/// its maker. So as long as no task waits for a call of another one's, which is rare (`strange`),
/// nobody looks for circles, and a wait costs two stores and two loads.
///
///   strange wait:  +1; opens walks, with their fence; in the guard: its entry, and it looks
///   other wait:    its entry; are there strange ones? then in the guard it looks, too
///   end of a wait: clears its entry; lets who looks finish (see scope_walk)
///
/// Of two that close a circle at once the later one in the guard sees the entry of the other, which
/// came before the guard, or before the fence. A task that was asked to stop does not count: its
/// wait is about to end. A wait that only a deadline would end does: nobody knows whether it helps.
/// Threads: `begin` and `end` by the task that waits; who looks reads all entries.
/// Stop: as said. Errors: as `begin` says. Lifetime: part of the record.
class wait_entry {
 public:
  /// `t` is about to wait for `r`, whose entry this is.
  /// Gives would_deadlock, which names the tasks, if `r` cannot end before `t` does; then nothing
  /// has begun.
  template <class W = place>
  std::exception_ptr begin(call_record const& r, task_context& t) noexcept;
  /// After the wait. Nothing happens if none began.
  template <class W = place> void end() noexcept {
    if (waits_.load(seam::relaxed, seam::quiet()) == nullptr) return;
    waits_.store(nullptr, seam::relaxed, W::here());
    scope_walk::let_finish<W>();
    if (is_strange_) [[unlikely]]
      end_strange();
  }

 private:
  std::exception_ptr begin_slowly(call_record const& r, task_context& t) noexcept;
  static void end_strange() noexcept;
  static std::exception_ptr look(call_record const& r, task_context const& t) noexcept;
  static std::vector<task_context const*> circle(call_record const& r, task_context const& t);
  static std::string words(std::vector<task_context const*> const& all);

  inline static constinit seam::atomic<int> strange_{0};  // how many such waits there are

  seam::atomic<task_context*> waits_{nullptr};  // null: nobody
  bool is_strange_ = false;                     // the wait that is going on
};

}  // namespace quartet::detail
