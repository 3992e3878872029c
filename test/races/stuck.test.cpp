// SPDX-License-Identifier: Apache-2.0
// Workers that are taken for stuck, rightly or not, under many schedules. A thread of the test
// stands in for the watchdog, which looks at real threads only.
#include <vector>

#include <quartet/seam/mutex.hpp>
#include <quartet/seam/shared.hpp>
#include <quartet/seam/thread.hpp>
#include <quartet/sync/event.hpp>

#include "races/explored.hpp"
#include "races/open_pool.hpp"

using namespace quartet;
using test::explored;
using test::open_pool;

namespace {

/// Something to wait for that the pool cannot see.
class hidden_flag {
 public:
  void set() {
    seam::guard const g(guard_);
    set_ = true;
    changed_.notify_all();
  }
  void wait() {
    seam::guard const g(guard_);
    while (!set_) changed_.wait(guard_);
  }

 private:
  seam::mutex guard_;
  seam::condition changed_;
  shared<bool> set_ = false;
};

}  // namespace

TEST(races, a_call_that_waits_undeclared_for_another_is_stuck_until_that_has_run) {
  explored(2000, [] {
    hidden_flag inside, ran;
    open_pool pool(1);
    auto a = pool.submit([&] {
      inside.set();
      ran.wait();
    });
    seam::thread dog([&] {
      inside.wait();
      EXPECT_EQ(pool.take_all_for_stuck(), 1);
    });
    inside.wait();
    auto b = pool.submit([&] { ran.set(); });
    b.blocking_get();
    a.blocking_get();
  });
}

// What it submitted before lies in its own deque.
TEST(races, what_a_stuck_worker_has_in_its_deque_is_stolen) {
  explored(2000, [] {
    hidden_flag inside, ran;
    open_pool pool(1);
    auto a = pool.submit([&] {
      auto b = pool.submit([&] { ran.set(); });
      inside.set();
      ran.wait();
      b.blocking_get();
    });
    seam::thread dog([&] {
      inside.wait();
      EXPECT_EQ(pool.take_all_for_stuck(), 1);
    });
    a.blocking_get();
  });
}

TEST(races, workers_taken_for_stuck_while_they_come_and_go_lose_nothing) {
  explored(2000, [] {
    shared<int> sum[4] = {};
    {
      open_pool pool(1);
      seam::thread dog([&] {
        for (int i = 0; i != 3; ++i) pool.take_all_for_stuck();
      });
      std::vector<future<void>> all;
      for (auto& each : sum) all.push_back(pool.submit([&] { each = 1; }));
      for (auto& f : all) f.blocking_get();
    }
    EXPECT_EQ(sum[0] + sum[1] + sum[2] + sum[3], 4);
  });
}

// A stuck worker comes back into a wait that the pool knows, as a guest out of it, and is stuck
// again.
TEST(races, a_worker_that_was_stuck_may_block_and_be_stuck_again) {
  explored(2000, [] {
    event set;
    int ran = 0;
    {
      open_pool pool(1);
      seam::thread dog([&] {
        for (int i = 0; i != 3; ++i) pool.take_all_for_stuck();
      });
      auto a = pool.submit([&] {
        set.blocking_wait();
        pool.submit([&] { ++ran; }).blocking_get();
        ++ran;
      });
      auto b = pool.submit([&] {
        set.set();
        seam::yield_thread();
      });
      a.blocking_get();
      b.blocking_get();
    }
    EXPECT_EQ(ran, 2);
  });
}
