// SPDX-License-Identifier: Apache-2.0
// Groups that are paused, resumed, stopped meanwhile.
#include <atomic>
#include <chrono>
#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <vector>

#include <quartet/algo/fork_join.hpp>
#include <quartet/core/group.hpp>
#include <quartet/core/scope.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/inline/inline_executor.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/sync/event.hpp>

namespace quartet {
namespace {

task<> several_yields() {
  for (int i = 0; i != 20; ++i) co_await yield();
}

/// On one thread, in an order that is always the same.
struct paused_group : testing::Test {
  task<> writes(char c) {
    trace += c;
    co_await yield();
    trace += static_cast<char>(c - 'a' + 'A');
  }
  template <class F> void in_group(F f) {
    loop.run([&]() -> task<> { co_await with_group(f); });
  }

  event_loop loop;
  std::string trace;
};

TEST_F(paused_group, begins_no_task_and_lets_none_go_on) {
  in_group([&](group& g) -> task<> {
    g.spawn([&] { return writes('a'); });
    co_await yield();  // it has begun
    g.pause();
    g.spawn([&] { return writes('b'); });
    co_await several_yields();
    EXPECT_EQ(trace, "a");
    g.resume();
    co_await several_yields();
    EXPECT_EQ(trace, "abAB");
  });
}

TEST_F(paused_group, keeps_calls_that_its_tasks_submit) {
  in_group([&](group& g) -> task<> {
    g.spawn([&]() -> task<> {
      g.pause();
      auto f = loop.submit([&] { trace += 'x'; });
      co_await f;
    });
    co_await several_yields();
    EXPECT_EQ(trace, "");
    g.resume();
    co_await several_yields();
    EXPECT_EQ(trace, "x");
  });
}

TEST_F(paused_group, does_not_keep_what_its_body_does) {
  in_group([&](group& g) -> task<> {
    g.pause();
    auto f = loop.submit([&]() -> task<> { co_await writes('a'); });
    co_await f;
    co_await with_timeout(std::chrono::hours(1), several_yields);
    EXPECT_EQ(trace, "aA");
    g.resume();
  });
}

// Branches that suspend go on in tasks of their own, which are parts of the body nevertheless.
TEST_F(paused_group, does_not_keep_forks_of_its_body) {
  in_group([&](group& g) -> task<> {
    g.pause();
    co_await fork_join([&] { return writes('a'); }, [&] { return writes('b'); });
    EXPECT_EQ(trace.size(), 4u);
    g.resume();
  });
}

TEST_F(paused_group, inside_a_paused_group_waits_for_both) {
  in_group([&](group& outer) -> task<> {
    group* inner = nullptr;
    auto const body = [&](group& g) -> task<> {
      inner = &g;
      g.spawn([&] { return writes('a'); });
      co_return;
    };
    outer.spawn([&]() -> task<> { co_await with_group(body); });
    co_await yield();
    outer.pause();
    inner->pause();
    co_await several_yields();
    std::string const before = trace;
    inner->resume();
    co_await several_yields();
    EXPECT_EQ(trace, before);
    outer.resume();
    co_await several_yields();
    EXPECT_EQ(trace, "aA");
  });
}

TEST_F(paused_group, goes_on_for_good_when_it_is_stopped) {
  in_group([&](group& g) -> task<> {
    g.pause();
    g.spawn([&]() -> task<> {
      trace += 'a';
      co_await yield();
      trace += 'b';
    });
    co_await several_yields();
    EXPECT_EQ(trace, "");
    g.stop();
    g.pause();  // too late
    co_await several_yields();
  });
  EXPECT_EQ(trace, "a");
}

TEST_F(paused_group, ends_with_the_deadline_around_it) {
  auto const paused = [&](group& g) -> task<> {
    g.pause();
    g.spawn([&] { return writes('a'); });
    co_return;
  };
  EXPECT_THROW(loop.run([&]() -> task<> {
    co_await with_timeout(std::chrono::milliseconds(5),
                          [&]() -> task<> { co_await with_group(paused); });
  }),
               timed_out);
}

TEST_F(paused_group, may_be_paused_and_resumed_again_and_again) {
  in_group([&](group& g) -> task<> {
    for (char c = 'a'; c != 'e'; ++c) {
      g.pause();
      g.pause();
      g.spawn([&, c] { trace += c; });
      co_await several_yields();
      g.resume();
      g.resume();
      co_await several_yields();
    }
    EXPECT_EQ(trace, "abcd");
  });
}

// Calls that run in whoever starts them do not run in whoever resumes.
TEST(paused_group_here_and_now, is_resumed_by_its_own_task) {
  inline_executor sync;
  int ran = 0;
  sync.submit([&]() -> task<> {
        auto const body = [&](group& g) -> task<> {
          g.pause();
          g.spawn([&] {
            g.resume();
            ++ran;
          });
          g.resume();
          co_return;
        };
        co_await with_group(body);
      })
      .blocking_get();
  EXPECT_EQ(ran, 1);
}

TEST(paused_group_on_threads, keeps_everything_until_it_is_resumed) {
  thread_pool pool({.workers = 2});
  std::atomic<int> ran{0};
  pool.submit([&]() -> task<> {
        auto const body = [&](group& g) -> task<> {
          g.pause();
          for (int i = 0; i != 100; ++i)
            g.spawn([&]() -> task<> {
              co_await yield();
              ++ran;
            });
          for (int i = 0; i != 100; ++i) co_await yield();
          EXPECT_EQ(ran, 0);
          g.resume();
        };
        co_await with_group(body);
      })
      .blocking_get();
  EXPECT_EQ(ran, 100);
}

// Other tasks look up their scopes for a gate while those end: calls outlive the tasks that made
// them. What is read too late is seen by address sanitizer.
TEST(paused_group_on_threads, is_looked_for_while_scopes_end) {
  thread_pool pool({.workers = 1}), other({.workers = 2});
  std::atomic<bool> end{false};
  auto const pauses = [&](group& g) -> task<> {
    while (!end) {
      g.pause();
      co_await yield();
      g.resume();
      co_await yield();
    }
  };
  auto paused = pool.submit([&]() -> task<> { co_await with_group(pauses); });
  for (int round = 0; round != 20; ++round) {
    std::vector<std::optional<future<void>>> late(50);
    std::vector<future<void>> makers;
    for (auto& each : late)
      makers.push_back(other.submit([&] { each.emplace(other.submit(several_yields)); }));
    for (auto& m : makers) m.blocking_get();
    for (auto& each : late) each->blocking_get();
  }
  end = true;
  paused.blocking_get();
}

}  // namespace
}  // namespace quartet
