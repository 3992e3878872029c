// SPDX-License-Identifier: Apache-2.0
// Whether a thread that stays in one call gets on with it.
#pragma once

#include <memory>

#include <quartet/os/call_stack.hpp>
#include <quartet/os/thread_look.hpp>
#include <quartet/seam/clock.hpp>

#include "pulse.hpp"

namespace quartet::detail::pool {

/// How a call gets on. It *waits* if its thread is found asleep in the kernel at every look, and
/// uses less than half of a processor; it *spins* if it is found in states in which it was before
/// (see thread_sample); it *computes* otherwise, and is let be for a while.
enum class progress : unsigned char { unknown, computes, waits, spins };

/// One worker under watch.
/// Threads: belongs to the watchdog. Stop: not concerned. Errors: none. Lifetime: keeps the pulse.
class suspect {
 public:
  explicit suspect(std::shared_ptr<pulse> p) noexcept : signs_(std::move(p)) {}

  /// Looks once more. `patience`: for three looks and what they lead to; they have to come at least
  /// three in half of it. `unknown` while it is idle, begins other calls, or too little was seen.
  /// `may_sample`: whether it may find out if the thread spins; false afterwards if it did.
  /// Blocks: some 15 to 40 ms to tell whether it spins or computes.
  progress look(time_point now, duration patience, bool& may_sample) noexcept;
  /// Nothing waits behind it: what it does is its own affair.
  void let_be() noexcept { looks_ = 0; }

  bool idle() const noexcept { return signs_->idle.load(seam::relaxed, seam::quiet()); }
  pulse& signs() const noexcept { return *signs_; }
  bool is(pulse const& p) const noexcept { return signs_.get() == &p; }
  std::uint64_t turns() const noexcept { return turns_; }
  time_point since() const noexcept { return since_; }
  os::thread_look const& seen() const noexcept { return last_; }
  /// Where it was when it was last seen.
  os::stack_place const& place() const noexcept { return place_; }

 private:
  bool stays(time_point now) noexcept;
  bool spins() noexcept;
  progress found(progress p, time_point now) noexcept;

  std::shared_ptr<pulse> signs_;
  std::uint64_t turns_ = 0;
  time_point since_{};  // in this call at least since then
  unsigned looks_ = 0;
  bool always_waited_ = false;
  os::thread_look first_, last_;
  os::stack_place place_;
  time_point first_look_{};
  time_point again_{};  // not looked at before
  duration pause_{};    // between two verdicts
};

}  // namespace quartet::detail::pool
