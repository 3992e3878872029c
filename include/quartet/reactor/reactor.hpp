// SPDX-License-Identifier: Apache-2.0
// Ready calls, timers and descriptors of one executor, waited for by whichever thread drives.
#pragma once

#include <cstdint>
#include <vector>

#include <quartet/base/intrusive_queue.hpp>
#include <quartet/core/call.hpp>
#include <quartet/os/doorbell.hpp>
#include <quartet/os/poller.hpp>
#include <quartet/reactor/detail/timer_heap.hpp>
#include <quartet/reactor/watcher.hpp>
#include <quartet/seam/context.hpp>
#include <quartet/seam/mutex.hpp>
#include <quartet/seam/shared.hpp>

namespace quartet {

/// What the loop, the pool, the supervisor of processes and `io` stand on.
///
/// One thread at a time drives: it has entered (`try_enter`), and only it runs calls, fires timers
/// and hears of descriptors, until it leaves. Everybody else only adds work and wakes it.
///
/// Threads: `post`, `arm`, `cancel`, `watch`, `change`, `unwatch`, `wake`, `quiet` from any; the
/// section "driving" for the driver alone.
/// Ordering: what was written before `post` is visible to the call. Calls posted by one thread run
/// in the order of posting.
/// Stop: not concerned. Errors: std::system_error when made and from `watch`, `change`.
/// Lifetime: a poster touches nothing of the reactor after its call may have run, so whoever saw
/// the last call run may destroy it. No timer is armed, nothing watched, nothing queued then.
class reactor final : public timer_service, public descriptor_service {
 public:
  reactor();
  reactor(reactor const&) = delete;
  reactor& operator=(reactor const&) = delete;
  ~reactor();

  /// Has the driver run `c` once, after everything posted before. Blocks: never.
  /// Cost: from the driver itself neither a lock nor an atomic read-modify-write.
  void post(call& c) noexcept {
    if (!is_driver()) {
      post_from_outside(c);
      return;
    }
    if (has_inbox_.load(seam::relaxed)) take_inbox();  // those came first
    ready_.write().push_back(c);
  }

  void arm(timer& t) override;
  bool cancel(timer& t) noexcept override;

  /// Calls `w.ready` when `number` is ready for `what`.
  void watch(int number, os::interest what, watcher& w) override;
  /// Changes for what a watched descriptor is watched.
  void change(os::interest what, watcher& w);
  /// Ends watching. `ready` is not running when this returns, unless called from inside it.
  void unwatch(watcher& w) noexcept override;

  /// Ends the driver's present `wait`, or its next. Blocks: never.
  void wake() noexcept;
  /// Whether no timer is armed and nothing watched, so that `poll_now` would do nothing. A hint.
  bool quiet() const noexcept { return interests_.load(seam::relaxed) == 0; }

  // Driving.

  /// Makes the calling thread, inside an `execution_scope`, the driver. False: there is one.
  bool try_enter() noexcept;
  /// Ends being the driver. Work may be left for the next one.
  void leave() noexcept { driver_.store(&nobody, seam::release); }  // (1)
  /// Whether the caller is the driver and in the scope in which it entered.
  bool is_driver() const noexcept { return driver_.load(seam::relaxed) == seam::current(); }
  bool has_driver() const noexcept { return driver_.load(seam::relaxed) != &nobody; }

  /// Runs up to `most` calls, those posted meanwhile included, until `done` is set. How many ran.
  std::size_t run_ready(std::size_t most, seam::atomic<bool> const* done = nullptr) noexcept;
  /// Whether a call is ready.
  bool has_ready() const noexcept { return !ready_->empty() || has_inbox_.load(seam::relaxed); }

  /// Waits until something has happened or `deadline`; tells watchers, fires timers. Does not wait
  /// if a call is ready. Blocks: the thread.
  void wait(time_point deadline) noexcept;
  /// The same without waiting: at least once in 64 calls, so that nothing starves.
  void poll_now() noexcept;

 private:
  using queue = intrusive_queue<call, &call::next>;
  struct place_in_table {
    watcher* who = nullptr;        // null: free
    std::uint32_t generation = 0;  // changes with each use, so that a late event finds nobody
  };
  struct busy {  // a timer or watcher whose function runs now; on the stack of who runs it
    void const* what;
    void const* thread;
    busy* outer;
  };

  void post_from_outside(call& c) noexcept;
  void take_inbox() noexcept;
  void ring() noexcept;
  void poll(time_point deadline) noexcept;
  void fire_timers() noexcept;
  void tell(os::poll_event const& e) noexcept;
  template <class F> void call_unlocked(void const* what, F f) noexcept;
  void wait_until_idle(void const* what) noexcept;
  void count_interests() noexcept;
  watcher* find(void* tag) const noexcept;
  void* tag_of(watcher const& w) const noexcept;

  static constexpr seam::context nobody{};

  // The driver's context, or `nobody`. leave (1) releases, try_enter (2) acquires: that hands
  // `ready_` over.
  seam::atomic<seam::context const*> driver_{&nobody};
  detail::watched<queue> ready_;         // the driver's own
  seam::atomic<bool> has_inbox_{false};  // a hint; written under lock_

  seam::mutex lock_;              // guards everything below
  detail::watched<queue> inbox_;  // posted from outside
  detail::watched<detail::timer_heap> timers_;
  detail::watched<std::vector<place_in_table>> table_;  // 0 is the doorbell
  detail::watched<std::vector<std::size_t>> free_;  // places in table_; has room for all of them
  detail::watched<std::size_t> watched_ = 0;        // descriptors
  seam::atomic<std::size_t> interests_{0};          // timers and descriptors; read as a hint
  detail::watched<bool> sleeping_ = false;          // the driver is in the poller, and nobody rang
  detail::watched<time_point> sleeping_until_{};
  detail::watched<bool> woken_ = false;  // the next wait does not wait
  detail::watched<busy*> busy_ = nullptr;
  detail::watched<unsigned> cancelling_ = 0;  // threads that wait in finished_
  seam::condition finished_;                  // a function has returned

  os::poller poller_;
  os::doorbell bell_;
};

}  // namespace quartet
