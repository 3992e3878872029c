// SPDX-License-Identifier: Apache-2.0
// Tasks that wait for each other: an error that names them, for one of them.
#include <atomic>
#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <quartet/base/errors.hpp>
#include <quartet/core/group.hpp>
#include <quartet/core/scope.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/threads/thread.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/sync/event.hpp>
#include <quartet/sync/latch.hpp>

namespace quartet {
namespace {

using kept = std::optional<future<int>>;

/// Awaits what `of` gives; 0 and the words if that would never end.
task<int> value_of(kept& of, std::vector<std::string>& errors) {
  try {
    int const x = co_await *of;
    co_return x + 1;
  } catch (would_deadlock const& e) {
    errors.emplace_back(e.what());
  }
  co_return 0;
}

/// On one thread, in an order that is always the same.
struct circles : testing::Test {
  auto later(kept& of) {
    return [&of, this]() -> task<int> {
      co_await go.wait();
      int const x = co_await value_of(of, errors);
      co_return x;
    };
  }
  void run() {
    loop.run([this]() -> task<> {
      go.set();
      co_return;
    });
    loop.run([]() -> task<> {
      for (int i = 0; i != 20; ++i) co_await yield();
    });
  }
  void expect(std::string const& words) {
    ASSERT_EQ(errors.size(), 1u);
    EXPECT_EQ(errors[0], "a circle of waits: " + words + "; none of them could ever end");
  }

  event go;
  std::vector<std::string> errors;
  event_loop loop;
  kept a{}, b{}, c{};
};

TEST_F(circles, of_two_tasks_are_an_error_for_the_second) {
  a.emplace(loop.submit({.name = "a"}, later(b)));
  b.emplace(loop.submit({.name = "b"}, later(a)));
  run();
  expect("\"b\" would wait for \"a\", which waits for \"b\"");
}

TEST_F(circles, of_three_tasks_are_an_error_for_the_third) {
  a.emplace(loop.submit({.name = "a"}, later(b)));
  b.emplace(loop.submit({.name = "b"}, later(c)));
  c.emplace(loop.submit({.name = "c"}, later(a)));
  run();
  expect("\"c\" would wait for \"a\", which waits for \"b\", which waits for \"c\"");
}

TEST_F(circles, of_one_task_are_an_error) {
  a.emplace(loop.submit({.name = "a"}, later(a)));
  run();
  expect("\"a\" would wait for itself");
}

TEST_F(circles, of_many_tasks_name_the_first_and_the_last) {
  constexpr std::size_t n = 1000;
  std::vector<kept> all(n);
  for (std::size_t i = 0; i != n; ++i)
    all[i].emplace(loop.submit({.name = std::to_string(i)}, later(all[(i + 1) % n])));
  run();
  expect(
      "\"999\" would wait for \"0\", which waits for \"1\", which waits for \"2\", which waits for "
      "\"3\", which waits for 992 more and then \"996\", which waits for \"997\", which waits for "
      "\"998\", which waits for \"999\"");
  while (!all[0]->done()) run();  // one after the other, while `all` is there
}

// The last to begin is a wait for a call of the own.
TEST_F(circles, may_be_closed_by_a_wait_for_an_own_call) {
  event all_wait;
  a.emplace(loop.submit({.name = "a"}, later(b)));
  b.emplace(loop.submit({.name = "b"}, [&]() -> task<int> {
    kept own(loop.submit({.name = "own"}, later(a)));
    for (int i = 0; i != 10; ++i) co_await yield();
    int const x = co_await value_of(own, errors);
    co_return x;
  }));
  run();
  expect("\"b\" would wait for \"own\", which waits for \"a\", which waits for \"b\"");
}

TEST_F(circles, go_through_the_tasks_of_a_group) {
  auto const in_group = [&](group& g) -> task<> {
    g.spawn({.name = "member"}, [&]() -> task<> { co_await later(b)(); });
    co_return;
  };
  a.emplace(loop.submit({.name = "a"}, [&]() -> task<int> {
    co_await with_group(in_group);
    co_return 1;
  }));
  b.emplace(loop.submit({.name = "b"}, later(a)));
  run();
  expect("\"b\" would wait for \"member\", which waits for \"b\"");
}

TEST_F(circles, are_none_once_a_wait_has_been_given_up) {
  auto const gives_up = [&]() -> task<int> {
    co_await go.wait();
    auto const tries = [&]() -> task<int> {
      int const x = co_await *b;
      co_return x;
    };
    try {
      co_await with_timeout(std::chrono::milliseconds(1), tries);
    } catch (timed_out const&) {
      co_return 7;
    }
    co_return 0;
  };
  event other;
  int got = 0;
  a.emplace(loop.submit({.name = "a"}, gives_up));
  b.emplace(loop.submit([&]() -> task<int> {
    co_await with_shield([&]() -> task<> { co_await other.wait(); });
    co_return 1;
  }));
  go.set();
  loop.run([&]() -> task<> {
    got = co_await value_of(a, errors);
    other.set();
  });
  EXPECT_EQ(got, 8);
  EXPECT_TRUE(errors.empty());
}

// Its maker may end before it does, so it is no part of it.
TEST(circles_of_threads, are_none_with_a_thread_that_outlives_its_maker) {
  thread_pool pool({.workers = 2});
  kept r;
  event made;
  thread keeper;
  std::atomic<int> got{0};
  r.emplace(pool.submit([&] {
    keeper = thread([&] {
      made.blocking_wait();
      got = r->blocking_get();
    });
    made.blocking_wait();
    return 5;
  }));
  made.set();
  while (got == 0) std::this_thread::yield();
  keeper.join();
  EXPECT_EQ(got, 5);
}

// Calls that somebody else made may be waited for, in any order that ends.
TEST_F(circles, are_not_seen_where_there_are_none) {
  constexpr int n = 50;
  std::vector<kept> all(n);
  all[0].emplace(loop.submit([&]() -> task<int> {
    co_await go.wait();
    co_return 0;
  }));
  for (std::size_t i = 1; i != n; ++i)
    all[i].emplace(loop.submit([&, i]() -> task<int> {
      int const x = co_await value_of(all[i - 1], errors);
      co_return x;
    }));
  auto last = loop.submit([&]() -> task<int> {
    int const x = co_await value_of(all[n - 1], errors);
    co_return x;
  });
  run();
  EXPECT_EQ(last.blocking_get(), n);
  EXPECT_TRUE(errors.empty());
}

TEST(circles_of_threads, are_an_error_for_one_of_two) {
  for (int again = 0; again != 100; ++again) {
    kept a, b;
    event both_made;
    latch ended(2);
    std::atomic<int> refused{0}, sum{0};
    auto const waits_for = [&](kept* of) {
      both_made.blocking_wait();
      int got = 1;
      try {
        got += (*of)->blocking_get();
      } catch (would_deadlock const& e) {
        ++refused;
        EXPECT_NE(std::string(e.what()).find("a circle of waits: \""), std::string::npos);
      }
      sum += got;
      ended.count_down();
      return got;
    };
    thread_pool pool({.workers = 2});
    a.emplace(pool.submit({.name = "a"}, waits_for, &b));
    b.emplace(pool.submit({.name = "b"}, waits_for, &a));
    both_made.set();
    ended.blocking_wait();
    EXPECT_EQ(refused, 1);
    EXPECT_EQ(sum, 3);
  }
}

}  // namespace
}  // namespace quartet
