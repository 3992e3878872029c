// SPDX-License-Identifier: Apache-2.0
// Waits that would never end because they wait for each other.
#pragma once

#include <exception>
#include <string>

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
///   strange wait:  the guard; +1; its entry; a fence for all threads; looks for a circle
///   other wait:    its entry; are there strange ones? then the guard, and it looks, too
///   end of a wait: clears its entry; does anybody look? then the guard, until he has done so
///
/// Of two that close a circle at once the later one in the guard sees the entry of the other, which
/// came before the guard, or before the fence. Who looks reads tasks that wait and calls that are
/// waited for: they are there until the end of their wait has passed the guard.
/// Threads: `begin` and `end` by the task that waits; who looks reads all entries.
/// Stop: not concerned. Errors: as `begin` says. Lifetime: part of the record.
class wait_entry {
 public:
  /// `t` is about to wait for `r`, whose entry this is, and which `maker` made (null: no task).
  /// Gives would_deadlock, which names the tasks, if `r` cannot end before `t` does; then nothing
  /// has begun.
  template <class W = place> std::exception_ptr begin(call_record const& r, task_context& t,
                                                      task_context const* maker) noexcept {
    is_strange_ = maker != &t;
    if (!is_strange_) [[likely]] {
      waits_.store(&t, seam::release, W::here());
      order_for<W>();
      if (strange_.load(seam::relaxed, W::here()) == 0) [[likely]]
        return nullptr;
    }
    return begin_slowly(r, t);
  }
  /// After the wait. Nothing happens if none began.
  template <class W = place> void end() noexcept {
    if (waits_.load(seam::relaxed, seam::quiet()) == nullptr) return;
    waits_.store(nullptr, seam::relaxed, W::here());
    order_for<W>();
    if (looking_.load(seam::relaxed, W::here()) != 0) [[unlikely]]
      let_look();
    if (is_strange_) [[unlikely]]
      strange_.fetch_sub(1, seam::relaxed, W::here());
  }

 private:
  /// The light half of a fence for all threads.
  template <class W> static void order_for() noexcept {
    std::atomic_signal_fence(std::memory_order_seq_cst);
    if (!seam::heavy_fence_reaches_all()) [[unlikely]]
      seam::fence(W::here());
  }
  std::exception_ptr begin_slowly(call_record const& r, task_context& t) noexcept;
  static void let_look() noexcept;
  static std::exception_ptr look(call_record const& r, task_context const& t) noexcept;
  static std::string words(call_record const& r, task_context const& t);

  inline static constinit seam::atomic<int> strange_{0};  // how many such waits there are
  inline static constinit seam::atomic<int> looking_{0};  // 1: somebody looks, in the guard

  seam::atomic<task_context*> waits_{nullptr};  // null: nobody
  bool is_strange_ = false;                     // the wait that is going on
};

}  // namespace quartet::detail
