// SPDX-License-Identifier: Apache-2.0
// Scopes: deadlines that move, shields, and which of the three outcomes is seen where.
#include <new>
#include <stdexcept>
#include <string>

#include <quartet/core/executor.hpp>
#include <quartet/core/scope.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/manual/manual_executor.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

#include "core/hammer.hpp"
#include "core/without_timers.hpp"

using namespace quartet;
using namespace std::chrono_literals;
using test::ending_of;
using test::without_timers;

namespace {

task<int> value_after(duration d, int n) {
  co_await sleep_for(d);
  co_return n;
}

// Notes how a wait ended, and passes it on.
task<> noting(ending* how, duration d) {
  try {
    co_await sleep_for(d);
    *how = ending::value;
  } catch (stopped const&) {
    *how = ending::stopped;
    throw;
  } catch (timed_out const&) {
    *how = ending::timed_out;
    throw;
  }
}

}  // namespace

static_assert(!std::is_copy_constructible_v<scope>);

TEST(scope, a_deadline_that_passes_is_timed_out_outside_and_stopped_inside) {
  manual_executor e;
  ending inside = ending::value;
  auto const start = e.now();
  auto f =
      e.submit([&]() -> task<> { co_await with_timeout(10min, noting, &inside, duration(1h)); });
  EXPECT_EQ(ending_of(f), ending::timed_out);
  EXPECT_EQ(inside, ending::stopped);
  EXPECT_GE(e.now() - start, 10min);
  EXPECT_LT(e.now() - start, 1h) << "virtual time: nobody waited for the hour";
}

TEST(scope, work_that_ends_in_time_gives_its_value_and_leaves_no_timer) {
  manual_executor e;
  auto f =
      e.submit([]() -> task<int> { co_return co_await with_timeout(1h, value_after, 1min, 7); });
  EXPECT_EQ(f.blocking_get(), 7);
  e.advance(2h);
  EXPECT_EQ(e.run_until_idle(), 0u);
}

TEST(scope, plain_functions_and_errors_pass_through_unchanged) {
  manual_executor e;
  auto f = e.submit([]() -> task<int> {
    int const n = co_await with_timeout(
        1h, [](int x) { return x + 1; }, 1);
    int const m = co_await with_shield([](int x) { return x + 1; }, n);
    int const k = co_await with_scope([](scope&, int x) { return x + 1; }, m);
    try {
      co_await with_deadline(never, []() -> task<> { throw std::out_of_range("x"); });
    } catch (std::out_of_range const&) {
      co_return k;
    }
    co_return -1;
  });
  EXPECT_EQ(f.blocking_get(), 4);
}

TEST(scope, of_two_deadlines_the_earlier_one_decides_who_times_out) {
  for (bool inner_first : {true, false}) {
    manual_executor e;
    bool inner_timed_out = false, outer_timed_out = false;
    auto f = e.submit([&]() -> task<> {
      auto middle = [&]() -> task<> {
        try {
          co_await with_timeout(inner_first ? 1min : 1h, value_after, duration(5h), 1);
        } catch (timed_out const&) {
          inner_timed_out = true;
        }
      };
      try {
        co_await with_timeout(inner_first ? 1h : 1min, middle);
      } catch (timed_out const&) {
        outer_timed_out = true;
      }
    });
    f.blocking_get();
    EXPECT_EQ(inner_timed_out, inner_first);
    EXPECT_EQ(outer_timed_out, !inner_first);
  }
}

TEST(scope, a_stop_from_outside_is_no_timeout) {
  manual_executor e;
  ending inside = ending::value;
  auto f = e.submit([&]() -> task<> { co_await with_timeout(1h, noting, &inside, duration(2h)); });
  e.run_until_idle();
  f.stop();
  e.run_until_idle();
  EXPECT_EQ(inside, ending::stopped);
  EXPECT_EQ(ending_of(f), ending::stopped);
}

TEST(scope, a_shield_keeps_the_stop_out_until_it_ends) {
  manual_executor e;
  bool cleaned = false, later = false;
  auto f = e.submit([&]() -> task<> {
    try {
      co_await sleep_for(1h);
    } catch (stopped const&) {
    }
    co_await with_shield([&]() -> task<> {
      EXPECT_FALSE(stop_requested());
      co_await sleep_for(1min);
      cleaned = true;
    });
    EXPECT_TRUE(stop_requested());
    co_await yield();
    later = true;
  });
  e.run_until_idle();
  f.stop();
  e.run_until_idle();
  EXPECT_FALSE(f.done());
  e.advance(2min);
  e.run_until_idle();
  EXPECT_TRUE(cleaned);
  EXPECT_FALSE(later);
  EXPECT_EQ(ending_of(f), ending::stopped);
}

TEST(scope, a_shield_may_have_a_deadline_of_its_own) {
  manual_executor e;
  bool gave_up = false;
  auto f = e.submit([&]() -> task<> {
    try {
      co_await sleep_for(10h);
    } catch (stopped const&) {
    }
    auto clean = [&]() -> task<> {
      try {
        co_await with_timeout(1min, value_after, duration(1h), 1);
      } catch (timed_out const&) {
        gave_up = true;
      }
    };
    co_await with_shield(clean);
  });
  e.run_until_idle();
  f.stop();
  e.run_until_idle();
  EXPECT_FALSE(gave_up);
  e.advance(2min);
  e.run_until_idle();
  EXPECT_TRUE(f.done());
  EXPECT_TRUE(gave_up);
}

TEST(scope, a_deadline_moves_later_sooner_and_away) {
  manual_executor e;
  std::string seen;
  auto f = e.submit([&]() -> task<> {
    co_await with_scope([&](scope& s) -> task<> {
      s.set_deadline(after(1h));
      co_await sleep_for(30min);
      s.set_deadline(after(2h));  // later
      co_await sleep_for(90min);
      seen += "later ";
      s.set_deadline(never);  // away
      co_await sleep_for(10h);
      seen += "away ";
      s.set_deadline(after(1h));
      s.set_deadline(after(1min));  // sooner
      co_await sleep_for(30min);
      seen += "not sooner ";
    });
  });
  EXPECT_EQ(ending_of(f), ending::timed_out);
  EXPECT_EQ(seen, "later away ");
}

TEST(scope, a_deadline_in_the_past_stops_at_the_next_wait) {
  manual_executor e;
  bool began = false, went_on = false;
  auto f = e.submit([&]() -> task<> {
    auto body = [&]() -> task<> {
      began = true;
      co_await sleep_for(1h);
      went_on = true;
    };
    co_await with_deadline(clock::now() - 1h, body);
  });
  EXPECT_EQ(ending_of(f), ending::timed_out);
  EXPECT_TRUE(began);
  EXPECT_FALSE(went_on);
}

TEST(scope, moving_a_deadline_that_has_passed_revives_nothing) {
  manual_executor e;
  auto f = e.submit([&]() -> task<bool> {
    bool late = false;
    auto body = [&](scope& s) -> task<> {
      s.set_deadline(after(1min));
      try {
        co_await sleep_for(1h);
      } catch (stopped const&) {
      }
      s.set_deadline(never);
      late = stop_requested() && s.timed_out();
    };
    co_await with_scope(body);
    co_return late;
  });
  EXPECT_TRUE(f.blocking_get());
}

TEST(scope, stopped_by_hand_it_ends_with_stopped_and_the_task_goes_on) {
  manual_executor e;
  auto f = e.submit([]() -> task<int> {
    auto body = [](scope& s) -> task<> {
      s.stop();
      EXPECT_FALSE(s.timed_out());
      co_await yield();
      ADD_FAILURE() << "yield is a checkpoint";
    };
    try {
      co_await with_scope(body);
      co_return 0;
    } catch (stopped const&) {
      EXPECT_FALSE(stop_requested()) << "only the scope was stopped";
    }
    co_await yield();
    co_return 1;
  });
  EXPECT_EQ(f.blocking_get(), 1);
}

TEST(scope, a_deadline_moved_while_it_fires_ends_the_work_once) {
  thread_pool pool({.workers = 3});
  std::atomic<int> values{0}, timeouts{0}, others{0};
  test::together(2, [&](int) {
    for (int i = 0; i < 200; ++i) {
      auto f = pool.submit([]() -> task<> {
        co_await with_scope([](scope& s) -> task<> {
          for (int k = 0; k < 20; ++k) {
            s.set_deadline(after(std::chrono::microseconds(20)));
            co_await yield();
            s.set_deadline(after(std::chrono::microseconds(k % 2 == 0 ? 1 : 200)));
          }
          s.set_deadline(never);
        });
      });
      switch (ending_of(f)) {
        case ending::value:
          ++values;
          break;
        case ending::timed_out:
          ++timeouts;
          break;
        default:
          ++others;
      }
    }
  });
  EXPECT_EQ(values + timeouts, 400);
  EXPECT_EQ(others, 0);
}

TEST(scope, deadline_stop_and_end_race_and_one_of_them_wins) {
  thread_pool pool({.workers = 3});
  std::atomic<int> ends{0};
  test::together(2, [&](int) {
    for (int i = 0; i < 300; ++i) {
      auto const d = std::chrono::microseconds(i % 50);
      auto f = pool.submit(
          [d]() -> task<int> { co_return co_await with_timeout(d, value_after, d, 1); });
      if (i % 3 == 0) f.stop();
      if (ending_of(f) != ending::failed) ++ends;
    }
  });
  EXPECT_EQ(ends, 600);
}

TEST(scope, a_deadline_that_cannot_be_armed_leaves_the_scope_around_as_it_was) {
  manual_executor e;
  without_timers full(e);
  auto const run = [](executor_base* home, executor_base* other) -> task<bool> {
    stop_state* const before = current_task()->scope;
    co_await hop(*other);
    bool refused = false;
    try {
      co_await with_timeout(1h, value_after, duration(0), 1);
    } catch (std::bad_alloc const&) {
      refused = true;
    }
    co_await hop(*home);
    current_task()->scope->request();  // reaches every scope that is still below this one
    co_return refused&& current_task()->scope == before;
  };
  EXPECT_TRUE(e.submit(run, &e, &full).blocking_get());
}
