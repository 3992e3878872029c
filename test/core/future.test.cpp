// SPDX-License-Identifier: Apache-2.0
// Futures: taken once, stopped by being dropped, and never two outcomes.
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

#include <quartet/core/group.hpp>
#include <quartet/core/scope.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/manual/manual_executor.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

#include "core/hammer.hpp"
#include "support/failing_allocation.hpp"

using namespace quartet;
using namespace std::chrono_literals;
using test::ending_of;

namespace {

task<int> after_an_hour(int n) {
  co_await sleep_for(1h);
  co_return n;
}

task<int> await_it(future<int> f) { co_return co_await f; }

// Notes that it was destroyed.
struct farewell {
  explicit farewell(std::atomic<bool>& b) noexcept : said(&b) {}
  farewell(farewell&& o) noexcept : said(std::exchange(o.said, nullptr)) {}
  ~farewell() {
    if (said != nullptr) said->store(true);
  }
  std::atomic<bool>* said;
};

}  // namespace

static_assert(!std::is_copy_constructible_v<future<int>>);
static_assert(std::is_nothrow_move_constructible_v<future<int>>);
static_assert(std::same_as<future<std::string>::value_type, std::string>);

TEST(future, gives_the_value_and_passes_move_only_values_on) {
  event_loop loop;
  auto f = loop.submit([](std::unique_ptr<int> p) { return p; }, std::make_unique<int>(7));
  EXPECT_FALSE(f.done());
  EXPECT_EQ(*f.blocking_get(), 7);
}

TEST(future, throws_what_the_call_threw_with_its_type) {
  event_loop loop;
  auto f = loop.submit([]() -> int { throw std::out_of_range("no seat 12"); });
  try {
    f.blocking_get();
    FAIL();
  } catch (std::out_of_range const& e) {
    EXPECT_STREQ(e.what(), "no seat 12");
  }
}

TEST(future, a_call_stopped_while_queued_never_runs) {
  manual_executor e;
  bool ran = false;
  auto f = e.submit([&ran] { ran = true; });
  f.stop();
  EXPECT_FALSE(f.done()) << "the executor has not looked yet";
  e.run_until_idle();
  EXPECT_TRUE(f.done());
  EXPECT_EQ(ending_of(f), ending::stopped);
  EXPECT_FALSE(ran);
}

TEST(future, destroyed_unawaited_it_stops_its_call_without_blocking) {
  manual_executor e;
  bool queued_ran = false, waiting_went_on = false;
  {
    auto queued = e.submit([&] { queued_ran = true; });
    auto waiting = e.submit([&]() -> task<> {
      co_await sleep_for(1h);
      waiting_went_on = true;
    });
    auto const dropped_unused = std::move(queued);
    EXPECT_TRUE(e.run_one()) << "the first of the two";
  }
  e.run_until_idle();
  EXPECT_TRUE(queued_ran) << "it ran before its future was dropped";
  EXPECT_FALSE(waiting_went_on);
  e.advance(2h);
  EXPECT_EQ(e.run_until_idle(), 0u);
}

TEST(future, destroyed_after_the_end_it_leaves_the_value_alone) {
  manual_executor e;
  auto const kept = std::make_shared<int>(1);
  {
    auto f = e.submit([kept] { return kept; });
    e.run_until_idle();
    EXPECT_TRUE(f.done());
  }
  EXPECT_EQ(kept.use_count(), 1);
}

TEST(future, assignment_swaps_so_the_old_call_stops_with_the_other_future) {
  manual_executor e;
  auto slow = e.submit(after_an_hour, 1);
  {
    auto quick = e.submit([] { return 2; });
    slow = std::move(quick);
  }
  e.run_until_idle();
  EXPECT_EQ(slow.blocking_get(), 2);
}

TEST(future, moves_between_threads) {
  thread_pool pool({.workers = 2});
  auto f = pool.submit([] { return 5; });
  int got = 0;
  std::thread([&got, mine = std::move(f)]() mutable { got = mine.blocking_get(); }).join();
  EXPECT_EQ(got, 5);
}

TEST(future, a_stopped_await_throws_stopped_and_stops_the_call) {
  manual_executor e;
  auto inner = e.submit(after_an_hour, 1);
  auto outer = e.submit(await_it, std::move(inner));
  e.run_until_idle();
  outer.stop();
  e.run_until_idle();
  EXPECT_EQ(ending_of(outer), ending::stopped);
  e.advance(2h);
  EXPECT_EQ(e.run_until_idle(), 0u) << "the inner call ended with its sleep";
}

TEST(future, an_await_that_begins_in_a_stopped_scope_is_stopped_too) {
  manual_executor e;
  auto f = e.submit([&e]() -> task<ending> {
    auto inner = e.submit(after_an_hour, 1);
    co_return co_await with_scope([&](scope& s) -> task<ending> {
      s.stop();
      try {
        co_await inner;
        co_return ending::value;
      } catch (stopped const&) {
        co_return ending::stopped;
      }
    });
  });
  e.run_until_idle();
  EXPECT_EQ(f.blocking_get(), ending::stopped);
}

TEST(future, after_a_stopped_await_it_can_be_awaited_again_under_a_shield) {
  manual_executor e;
  bool cleaned = false;
  auto f = e.submit([&]() -> task<ending> {
    auto inner = e.submit([&]() -> task<> {
      try {
        co_await sleep_for(1h);
      } catch (stopped const&) {
        cleaned = true;
        throw;
      }
    });
    try {
      co_await inner;
    } catch (stopped const&) {
    }
    try {
      co_await with_shield([&]() -> task<> { co_await inner; });
    } catch (stopped const&) {
      co_return cleaned ? ending::stopped : ending::failed;
    }
    co_return ending::value;
  });
  e.run_until_idle();
  f.stop();
  EXPECT_EQ(f.blocking_get(), ending::stopped) << "the call's own end was seen";
}

TEST(future, a_loops_task_that_blocks_on_its_own_loop_is_refused) {
  event_loop loop;
  auto f = loop.submit([&loop] {
    auto inner = loop.submit([] { return 1; });
    EXPECT_THROW(inner.blocking_get(), would_deadlock);
    inner.stop();
  });
  f.blocking_get();
}

TEST(future, callable_and_arguments_are_gone_before_the_waiter_goes_on) {
  thread_pool pool({.workers = 2});
  for (int i = 0; i < 2000; ++i) {
    std::atomic<bool> callable_gone{false}, argument_gone{false};
    pool.submit([a = farewell(callable_gone)](farewell const&) {}, farewell(argument_gone))
        .blocking_get();
    ASSERT_TRUE(callable_gone && argument_gone) << "function, round " << i;
    callable_gone = argument_gone = false;
    pool.submit([a = farewell(callable_gone)](farewell const&) -> task<> { co_return; },
                farewell(argument_gone))
        .blocking_get();
    ASSERT_TRUE(callable_gone && argument_gone) << "coroutine, round " << i;
  }
}

TEST(future, using_one_that_was_taken_says_so) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        manual_executor e;
        auto f = e.submit([] { return 1; });
        f.blocking_get();
        f.blocking_get();
      },
      "taken once");
}

TEST(future, stop_and_end_race_and_the_waiter_sees_exactly_one_outcome) {
  thread_pool pool({.workers = 3});
  for (int round = 0; round < 2000; ++round) {
    std::atomic<int> outcomes{0}, values{0}, stops{0};
    auto inner = pool.submit([]() -> task<int> {
      co_await yield();
      co_return 9;
    });
    auto outer = pool.submit(
        [&](future<int> f) -> task<> {
          try {
            EXPECT_EQ(co_await f, 9);
            ++values;
          } catch (stopped const&) {
            ++stops;
          }
          ++outcomes;
        },
        std::move(inner));
    if (round % 3 != 0) std::this_thread::yield();
    outer.stop();
    ending const how = ending_of(outer);
    if (how == ending::stopped && outcomes == 0) continue;  // stopped before it began
    ASSERT_EQ(outcomes, 1);
    ASSERT_EQ(values + stops, 1);
  }
}

TEST(future, many_threads_stop_and_drop_while_the_pool_runs) {
  thread_pool pool({.workers = 2});
  std::atomic<int> ended{0};
  constexpr int each = 300;
  test::together(4, [&](int who) {
    for (int i = 0; i < each; ++i) {
      auto f = pool.submit([]() -> task<> {
        co_await yield();
        co_await yield();
      });
      if ((i + who) % 3 == 0) continue;  // dropped
      if ((i + who) % 3 == 1) f.stop();
      ending const how = ending_of(f);
      if (how == ending::value || how == ending::stopped) ++ended;
    }
  });
  EXPECT_EQ(ended, 4 * each - 4 * each / 3);
}

TEST(future, a_driven_wait_and_a_stop_from_another_thread_end_the_wait_once) {
  event_loop loop;
  for (int i = 0; i < 300; ++i) {
    stop_source source;
    auto f = loop.submit({.stop = &source}, after_an_hour, 1);
    std::thread stopper([&] { source.request(); });
    EXPECT_EQ(ending_of(f), ending::stopped);
    stopper.join();
  }
}

TEST(future, the_results_of_a_loop_that_is_gone_are_still_there) {
  auto loop = std::make_unique<event_loop>();
  auto f = loop->submit([] { return 7; });
  loop.reset();
  EXPECT_EQ(f.blocking_get(), 7);
}

// The waiting thread may be late at any point: the loop ends as soon as its last call has.
TEST(future, a_thread_that_asks_while_the_loop_ends_never_looks_at_the_loop) {
  for (int round = 0; round != 500; ++round) {
    auto loop = std::make_unique<event_loop>();
    auto f = loop->submit([] { return 7; });
    std::atomic<bool> go{false};
    std::thread asks([&go, f = std::move(f)]() mutable {
      while (!go.load()) std::this_thread::yield();
      EXPECT_EQ(f.blocking_get(), 7);
    });
    go.store(true);
    loop.reset();
    asks.join();
  }
}

/// A result that cannot be moved a second time.
struct moves_once {
  moves_once() = default;
  moves_once(moves_once&& o) : moves(o.moves + 1) {
    if (moves > 1) throw std::runtime_error("moved twice");
  }
  moves_once& operator=(moves_once&&) { throw std::runtime_error("assigned"); }
  int moves = 0;
};

TEST(future, a_result_whose_move_throws_is_a_failure_and_no_end_of_the_program) {
  manual_executor e;
  EXPECT_THROW(e.submit([] { return moves_once(); }).blocking_get(), std::runtime_error);
  auto const later = []() -> task<moves_once> { co_return moves_once(); };
  EXPECT_THROW(e.submit(later).blocking_get(), std::runtime_error);
}

TEST(future, a_call_that_finds_no_memory_to_begin_fails_and_no_more) {
  if (!test::allocations_can_fail) GTEST_SKIP() << "needs an allocator without thread sanitizer";
  manual_executor e;
  auto const later = []() -> task<int> { co_return 1; };
  for (bool const coroutine : {false, true}) {
    auto f =
        coroutine ? e.submit({.timeout = 1s}, later) : e.submit({.timeout = 1s}, [] { return 1; });
    test::failing_allocation const scope;
    EXPECT_THROW(f.blocking_get(), std::bad_alloc);
    EXPECT_TRUE(scope.happened());
  }
  auto f = e.submit(later);
  test::failing_allocation const frame;
  EXPECT_THROW(f.blocking_get(), std::bad_alloc);
  EXPECT_TRUE(frame.happened());
}

/// Notes, where it ends for good, whether it ends inside a task.
struct ends_somewhere {
  explicit ends_somewhere(bool* b) noexcept : in_a_task(b) {}
  ends_somewhere(ends_somewhere&& o) noexcept : in_a_task(std::exchange(o.in_a_task, nullptr)) {}
  ~ends_somewhere() {
    if (in_a_task != nullptr) *in_a_task = current_task() != nullptr;
  }
  bool* in_a_task;
};

// The scope of the call's task is the record that is being destroyed.
TEST(future, a_result_that_nobody_wants_ends_outside_the_task) {
  for (duration const timeout : {duration::zero(), duration(1h)}) {
    manual_executor e;
    bool in_a_task = true;
    std::optional<future<ends_somewhere>> f;
    auto const body = [](auto* handle, bool* note) -> task<ends_somewhere> {
      co_await yield();
      handle->reset();
      co_return ends_somewhere(note);
    };
    f.emplace(e.submit({.timeout = timeout}, body, &f, &in_a_task));
    e.run_until_idle();
    EXPECT_FALSE(in_a_task);
  }
}
