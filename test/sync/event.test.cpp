// SPDX-License-Identifier: Apache-2.0
// The event.
#include <memory>

#include <quartet/sync/event.hpp>

#include "support.hpp"

using namespace quartet;
using namespace std::chrono_literals;
using test::ending_of;

TEST(event, set_wakes_everybody_who_waits) {
  manual_executor e;
  event ev;
  std::vector<int> order;
  std::vector<future<void>> all;
  for (int i = 0; i < 3; ++i)
    all.push_back(e.submit([&, i]() -> task<> {
      co_await ev.wait();
      order.push_back(i);
    }));
  e.run_until_idle();
  EXPECT_TRUE(order.empty());
  ev.set();
  e.run_until_idle();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2}));
  for (auto& f : all) f.blocking_get();
}

TEST(event, it_stays_set_until_reset) {
  manual_executor e;
  event ev(true);
  EXPECT_TRUE(ev.is_set());
  ev.blocking_wait();
  e.submit([&]() -> task<> { co_await ev.wait(); }).blocking_get();
  ev.reset();
  EXPECT_FALSE(ev.try_wait());
  EXPECT_THROW(ev.blocking_wait_for(1us), timed_out);
  EXPECT_THROW(ev.blocking_wait_until(clock::now()), timed_out);
}

TEST(event, who_waited_at_set_goes_on_though_reset_follows) {
  manual_executor e;
  event ev;
  auto f = e.submit([&]() -> task<> { co_await ev.wait(); });
  e.run_until_idle();
  ev.set();
  ev.reset();
  e.run_until_idle();
  EXPECT_EQ(ending_of(f), ending::value);
}

TEST(event, a_stopped_wait_ends_alone) {
  manual_executor e;
  event ev;
  auto a = e.submit([&]() -> task<> { co_await ev.wait(); });
  auto b = e.submit([&]() -> task<> { co_await ev.wait(); });
  e.run_until_idle();
  a.stop();
  e.run_until_idle();
  EXPECT_EQ(ending_of(a), ending::stopped);
  EXPECT_FALSE(b.done());
  ev.set();
  e.run_until_idle();
  EXPECT_EQ(ending_of(b), ending::value);
}

TEST(event, waits_end_at_their_deadline) {
  manual_executor e;
  event ev;
  auto f = e.submit([&]() -> task<> { co_await ev.wait_for(1h); });
  auto g = e.submit([&]() -> task<> { co_await ev.wait_until(after(3h)); });
  e.run_until_idle();
  e.advance(2h);
  e.run_until_idle();
  EXPECT_EQ(ending_of(f), ending::timed_out);
  EXPECT_FALSE(g.done());
  ev.set();
  e.run_until_idle();
  EXPECT_EQ(ending_of(g), ending::value);
}

TEST(event, one_who_has_waited_may_destroy_it) {
  for (int round = 0; round < 300; ++round) {
    auto ev = std::make_unique<event>();
    std::thread other([p = ev.get()] { p->set(); });
    ev->blocking_wait();
    ev.reset();
    other.join();
  }
}

// Many tasks are woken by set while half of them are stopped: each ends once, one way or the other.
TEST(event, stops_that_race_with_set_end_each_wait_once) {
  thread_pool pool(pool_options{.workers = 2});
  for (int round = 0; round < 40; ++round) {
    event ev;
    std::vector<future<void>> all;
    for (int i = 0; i < 10; ++i)
      all.push_back(pool.submit([&]() -> task<> { co_await ev.wait(); }));
    test::on_threads(2, [&](int i) {
      if (i == 0)
        ev.set();
      else
        for (std::size_t n = 0; n < all.size(); n += 2) all[n].stop();
    });
    for (std::size_t n = 0; n < all.size(); ++n) {
      try {
        all[n].blocking_get();
      } catch (stopped const&) {
        EXPECT_EQ(n % 2, 0u);
      }
    }
  }
}
