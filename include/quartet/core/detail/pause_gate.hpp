// SPDX-License-Identifier: Apache-2.0
// Where calls wait while their group is paused.
#pragma once

#include <quartet/base/intrusive_queue.hpp>
#include <quartet/core/call.hpp>
#include <quartet/core/stop.hpp>

namespace quartet {
class task_context;
}

namespace quartet::detail {

/// In front of the executors, for the calls and resumptions of one scope and all below it. A scope
/// that the same task opened as the one with the gate is not below it: whoever pauses a group from
/// its body goes on himself, and can resume it.
/// Threads: all members concurrently. Stop: opens it, for good.
/// Errors: none. Lifetime: part of its scope; `open` before that goes, since it holds it meanwhile.
class pause_gate {
 public:
  explicit pause_gate(stop_state& s) noexcept : scope_(s), stop_(*this) {}

  /// From now on calls stay here.
  void close() noexcept;
  /// Those that stayed are started, in the order in which they came.
  void open() noexcept;

  /// Whether any gate of the process is closed.
  static bool any() noexcept { return closed_gates_.load(seam::relaxed, seam::quiet()) != 0; }
  /// Keeps `c` at the innermost closed gate on its way. False: there is none. For the owner of `c`,
  /// whose scopes do not change meanwhile.
  static bool keep(call& c) noexcept;

 private:
  using queue = intrusive_queue<call, &call::next>;
  struct stop_watch : stop_hook {
    explicit stop_watch(pause_gate& g) noexcept
        : stop_hook([](stop_hook& h, stop_round&) noexcept {
            start_all(static_cast<stop_watch&>(h).of.take_all());
          }),
          of(g) {}
    pause_gate& of;
  };
  queue take_all() noexcept;
  static void start_all(queue all) noexcept;
  bool keep_here(call& c) noexcept;

  inline static constinit seam::atomic<int> closed_gates_{0};

  stop_state& scope_;
  seam::mutex turn_;  // one closes or opens
  watched<bool> listens_ = false;
  stop_watch stop_;
  seam::mutex guard_;  // guards the fields below
  watched<bool> closed_ = false;
  watched<queue> kept_;
};

}  // namespace quartet::detail
