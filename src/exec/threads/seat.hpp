// SPDX-License-Identifier: Apache-2.0
// The place in the poller: timers and descriptors of the pool, waited for by one idle worker.
//
// While something is armed or watched, a worker that lies down sits here if nobody does; the others
// park on the event count. Nobody sits while all are busy: then each looks here now and then.
// Arming with nobody here counts as publishing work, and so does standing up (rules R1, R4).
#pragma once

#include <memory>

#include <quartet/reactor/reactor.hpp>
#include <quartet/seam/atomic.hpp>

namespace quartet::detail::pool {

class core;

/// Threads: `arm`, `cancel`, `watch`, `unwatch`, the questions and `ring` from any; the rest by who
/// sits. Stop: not concerned. Errors: `arm` and `watch` throw bad_alloc, and std::system_error if
/// there are too many descriptors for the reactor. Lifetime: part of the core.
class seat final : public timer_service, public descriptor_service {
 public:
  explicit seat(core& c) noexcept : core_(c) {}

  void arm(timer& t) override;
  bool cancel(timer& t) noexcept override;
  void watch(int number, os::interest what, watcher& w) override;
  void unwatch(watcher& w) noexcept override;

  /// Whether there is anything to wait for.
  bool wanted() const noexcept {
    reactor const* const r = reactor_.load(seam::acquire);  // (2)
    return r != nullptr && !r->quiet();
  }
  bool wants_someone() const noexcept { return wanted() && !get().has_driver(); }

  bool try_sit() noexcept { return get().try_enter(); }
  void stand_up() noexcept { get().leave(); }
  /// Tells what is due, without waiting.
  void run_due() noexcept { get().poll_now(); }
  /// Waits until something has happened or somebody rings, unless `must_rise()` says so.
  template <class F> void wait(F must_rise) noexcept {
    asleep_.store(true, seam::relaxed);
    seam::fence();  // R2
    if (!must_rise()) get().wait(never);
    asleep_.store(false, seam::relaxed);
  }
  /// Wakes who sleeps here. False: nobody does.
  bool ring() noexcept {
    if (!asleep_.load(seam::relaxed)) return false;
    get().wake();
    return true;
  }

 private:
  reactor& make();
  void call_if_nobody_sits() noexcept;
  reactor& get() const noexcept { return *reactor_.load(seam::relaxed); }

  core& core_;
  seam::mutex guard_;  // guards the making of it
  watched<std::unique_ptr<reactor>> owned_;
  seam::atomic<reactor*> reactor_{nullptr};  // null: not needed yet; (1) release
  seam::atomic<bool> asleep_{false};
};

}  // namespace quartet::detail::pool
