// SPDX-License-Identifier: Apache-2.0
// The thread that looks after the pools of this process: a call that keeps its worker without
// getting on is found within the pool's patience and named, and another thread takes its place.
//
// It looks a few times in each patience while any worker has something to do, and sleeps when none
// has. It works on the real machine alone: a simulated one finds such calls by itself.
#pragma once

#include <memory>
#include <vector>

#include <quartet/seam/atomic.hpp>
#include <quartet/seam/mutex.hpp>
#include <quartet/seam/thread.hpp>

#include "reporter.hpp"
#include "ward.hpp"

namespace quartet::detail::pool {

/// Threads: all members concurrently. Stop: not concerned.
/// Errors: without memory or threads nobody looks. Lifetime: one for each process, never destroyed:
/// it may look at a pool at namespace scope until that is gone.
class watchdog {
 public:
  watchdog() noexcept { asleep_.store(false, seam::relaxed, seam::quiet()); }

  /// From now on, until `forget`. Null: nobody looks.
  static std::shared_ptr<ward> look_after(core& c, observer* o, duration patience) noexcept;
  static void forget(std::shared_ptr<ward> const& w) noexcept;

  /// After a worker has got something to do. Cost: a load while it is awake.
  static void wake() noexcept {
    if (asleep_.load(seam::relaxed, seam::quiet())) [[unlikely]]
      wake_up();
  }

 private:
  static void wake_up() noexcept;
  void add(std::shared_ptr<ward> const& w);
  void remove(ward const& w) noexcept;
  void live() noexcept;
  bool look_at_all(std::vector<std::shared_ptr<ward>> const& wards) noexcept;
  bool anybody_works() noexcept;
  void rest() noexcept;

  inline static constinit seam::atomic<bool> asleep_{false};

  reporter reporter_;
  seam::thread thread_;
  seam::mutex guard_;  // guards the fields below
  seam::condition bell_;
  std::vector<std::shared_ptr<ward>> wards_;
  bool started_ = false;
};

}  // namespace quartet::detail::pool
