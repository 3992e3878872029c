// SPDX-License-Identifier: Apache-2.0
// Stop scopes: level-triggered, nested, told once, and safe to leave while they fire.
#include <atomic>
#include <chrono>
#include <functional>
#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include <quartet/core/executor.hpp>
#include <quartet/core/stop.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/inline/inline_executor.hpp>
#include <quartet/exec/manual/manual_executor.hpp>

using namespace quartet;

TEST(stop, once_requested_it_stays_and_the_first_reason_counts) {
  stop_source s;
  EXPECT_FALSE(s.requested());
  EXPECT_TRUE(s.state().request(stop_reason::deadline));
  EXPECT_FALSE(s.request());
  EXPECT_TRUE(s.requested());
  EXPECT_EQ(s.token().reason(), stop_reason::deadline);
}

TEST(stop, a_token_outlives_its_source) {
  stop_token t;
  EXPECT_FALSE(t.requested());
  {
    stop_source s;
    t = s.token();
    s.request();
  }
  EXPECT_TRUE(t.requested());
}

TEST(stop, callbacks_run_once_in_the_order_in_which_they_were_made) {
  stop_source s;
  std::vector<int> order;
  auto const first = [&] { order.push_back(1); };
  auto const second = [&] { order.push_back(2); };
  stop_callback a(s.token(), first);
  stop_callback b(s.token(), second);
  s.request();
  s.request();
  EXPECT_EQ(order, (std::vector{1, 2}));
}

TEST(stop, a_callback_made_too_late_runs_at_once) {
  stop_source s;
  s.request();
  int ran = 0;
  auto const count = [&] { ++ran; };
  stop_callback late(s.token(), count);
  EXPECT_EQ(ran, 1);
}

TEST(stop, a_callback_that_has_left_is_not_called) {
  stop_source s;
  int ran = 0;
  auto const count = [&] { ++ran; };
  { stop_callback gone(s.token(), count); }
  s.request();
  EXPECT_EQ(ran, 0);
}

TEST(stop, a_callback_may_destroy_itself) {
  stop_source s;
  auto const nothing = [] {};
  std::optional<stop_callback<decltype(nothing)>> other(std::in_place, s.token(), nothing);
  struct own {
    std::unique_ptr<stop_callback<std::function<void()>>> callback;
  } mine;
  mine.callback = std::make_unique<stop_callback<std::function<void()>>>(
      s.token(), std::function<void()>([&] { mine.callback.reset(); }));
  s.request();
  EXPECT_EQ(mine.callback, nullptr);
}

TEST(stop, goes_down_a_tree_and_never_up) {
  stop_source top, middle, bottom;
  middle.state().link_to(top.state());
  bottom.state().link_to(middle.state());
  bottom.request();
  EXPECT_FALSE(middle.requested());
  top.request();
  EXPECT_TRUE(middle.requested());
}

TEST(stop, a_deadline_above_is_a_plain_stop_below) {
  stop_source top, below;
  below.state().link_to(top.state());
  top.state().request(stop_reason::deadline);
  EXPECT_EQ(below.token().reason(), stop_reason::requested);
}

TEST(stop, a_scope_linked_to_a_stopped_one_stops_at_once) {
  stop_source top, below;
  top.request();
  below.state().link_to(top.state());
  EXPECT_TRUE(below.requested());
}

TEST(stop, a_link_that_was_cut_passes_nothing_on) {
  stop_source top, below;
  below.state().link_to(top.state());
  below.state().unlink();
  top.request();
  EXPECT_FALSE(below.requested());
}

// The oracle: a callback that has been destroyed must never run afterwards; `alive` is what it
// would then touch.
TEST(stop, a_machine_hears_of_each_look_and_of_each_that_listens_and_may_stop_it_there) {
  struct stopping : seam::machine {
    void at_checkpoint(seam::checkpoint const& c) noexcept override {
      if (++heard != stop_at) return;
      c.hold(c.scope);
      c.request(c.scope);
    }
    int heard = 0, stop_at = 0;
  };
  for (int at = 1; at != 4; ++at) {
    stopping m;
    m.stop_at = at;
    seam::machine_scope const here(m);
    stop_source s;
    int told = 0;
    bool const seen = s.token().requested();                      // 1
    stop_callback const listens(s.token(), [&told] { ++told; });  // 2 before, 3 when it does
    EXPECT_EQ(seen, at == 1);
    EXPECT_EQ(told, 1);
    EXPECT_EQ(m.heard, at == 3 ? 3 : 2);
  }
}

TEST(stop, leaving_while_the_stop_fires_on_another_thread_waits_for_it) {
  for (int round = 0; round < 300; ++round) {
    stop_source s;
    std::atomic<int> begun{0};
    std::thread requester([&] {
      begun.fetch_add(1);
      s.request();
    });
    while (begun.load() == 0) {
    }
    for (int i = 0; i < 20; ++i) {
      auto alive = std::make_unique<int>(0);
      {
        auto const touch = [p = alive.get()] { *p = 1; };
        stop_callback c(s.token(), touch);
      }
      alive.reset();
    }
    requester.join();
  }
}

TEST(stop, children_that_come_and_go_while_the_parent_stops_are_told_or_gone) {
  for (int round = 0; round < 300; ++round) {
    stop_source top;
    std::thread requester([&] { top.request(); });
    for (int i = 0; i < 20; ++i) {
      stop_source below;
      below.state().link_to(top.state());
    }
    requester.join();
    stop_source last;
    last.state().link_to(top.state());
    EXPECT_TRUE(last.requested());
  }
}

// The thread is the same in whatever executor it is: it must not wait for itself.
TEST(stop, a_callback_may_go_from_inside_itself_through_another_executor) {
  stop_source s;
  inline_executor here;
  std::optional<stop_callback<std::function<void()>>> callback;
  std::function<void()> const removes_itself = [&] {
    here.submit([&] { callback.reset(); }).blocking_get();
  };
  callback.emplace(s.token(), removes_itself);
  s.request();
  EXPECT_FALSE(callback.has_value());
}

TEST(stop, a_stop_passes_a_hundred_thousand_nested_scopes_in_constant_stack) {
  stop_source top;
  std::vector<stop_state*> scopes{&top.state()};
  for (int level = 0; level != 100'000; ++level) {
    auto* const below = new stop_state;
    below->link_to(*scopes.back());
    scopes.push_back(below);
  }
  top.request();
  EXPECT_TRUE(scopes.back()->requested());
  EXPECT_EQ(scopes.back()->reason(), stop_reason::requested);
  for (; scopes.size() > 1; scopes.pop_back()) {
    scopes.back()->unlink();
    scopes.back()->release();
  }
}

namespace {

/// Waits for a call that waits for a call, `left` deep; the last one for the end of time.
task<> wait_below(manual_executor& by_hand, int left) {
  if (left == 0)
    co_await sleep_for(std::chrono::hours(1));
  else
    co_await by_hand.submit(wait_below, std::ref(by_hand), left - 1);
}

}  // namespace

TEST(stop, a_stop_passes_fifty_thousand_waits_in_constant_stack) {
  manual_executor by_hand;
  stop_source s;
  auto top = by_hand.submit({.stop = &s}, wait_below, std::ref(by_hand), 50'000);
  by_hand.run_until_idle();
  s.request();
  by_hand.run_until_idle();
  EXPECT_THROW(top.blocking_get(), stopped);
}
