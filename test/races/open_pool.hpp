// SPDX-License-Identifier: Apache-2.0
// A pool to which a thread of the test does what the watchdog does to real ones.
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include <quartet/core/executor.hpp>

#include "core.hpp"

namespace quartet::test {

/// A thread_pool whose workers can be taken for stuck, and that can be resized.
class open_pool final : public executor_members<any_call> {
 public:
  explicit open_pool(unsigned workers, unsigned most = 0)
      : core_(*this, {.workers = workers}, std::max(workers, most)) {}
  ~open_pool() override {
    core_.resume_for_good();
    wait_until_idle();
    core_.close();
  }
  void start(call& c) noexcept override { core_.start(c); }
  void raise(call& c, priority to) noexcept override { core_.raise(c, to); }
  timer_service& timers() noexcept override { return core_.timers; }

  /// How many gave their room to others.
  int take_all_for_stuck() {
    std::vector<std::shared_ptr<detail::pool::pulse>> all;
    core_.crew.pulses(all);
    int lent = 0;
    for (auto const& p : all) {
      auto const loan = core_.crew.lend_room_of(*p, p->turns.read());
      lent += loan == detail::pool::crew::loan::given ? 1 : 0;
    }
    return lent;
  }
  void resize(unsigned n) { core_.resize(n); }

 private:
  detail::pool::core core_;
};

}  // namespace quartet::test
