// SPDX-License-Identifier: Apache-2.0
// Groups: joined before they end, stopped together, and what each policy makes of failures.
#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include <quartet/core/executor.hpp>
#include <quartet/core/group.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/manual/manual_executor.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

#include "support/failing_allocation.hpp"

using namespace quartet;
using namespace std::chrono_literals;

namespace {

task<> fails_after(duration d, std::string text) {
  co_await sleep_for(d);
  throw std::runtime_error(text);
}
task<> succeeds_after(duration d, int* done) {
  co_await sleep_for(d);
  ++*done;
}

/// Three tasks: one succeeds after 1 s, two fail, after 2 s and 3 s.
task<> three(group_options o, int* done) {
  auto const body = [done](group& g) {
    g.spawn(fails_after, 3s, "late");
    g.spawn({.name = "early one"}, fails_after, 2s, "early");
    g.spawn(succeeds_after, 1s, done);
  };
  co_await with_group(o, body);
}

task<> count_up(int* n) {
  co_await yield();
  ++*n;
}

}  // namespace

TEST(group, joins_every_task_before_it_ends) {
  manual_executor e;
  int done = 0;
  auto const run = [](int* n) -> task<int> {
    auto const body = [n](group& g) {
      for (int i = 0; i < 10; ++i) g.spawn(count_up, n);
    };
    co_await with_group(body);
    co_return *n;
  };
  EXPECT_EQ(e.submit(run, &done).blocking_get(), 10);
}

TEST(group, gives_what_its_body_gives) {
  manual_executor e;
  auto const run = []() -> task<int> {
    auto const body = [](group&, std::unique_ptr<int> p) -> task<int> {
      co_await yield();
      co_return *p;
    };
    co_return co_await with_group(body, std::make_unique<int>(5));
  };
  EXPECT_EQ(e.submit(run).blocking_get(), 5);
}

TEST(group, a_body_that_throws_is_joined_all_the_same) {
  manual_executor e;
  int ended = 0;
  auto const run = [](int* n) -> task<> {
    auto const body = [n](group& g) {
      auto const stay = [](int* m) -> task<> {
        try {
          co_await sleep_for(1h);
        } catch (stopped const&) {
          ++*m;
          throw;
        }
      };
      g.spawn(stay, n);
      throw std::logic_error("body");
    };
    co_await with_group(body);
  };
  auto f = e.submit(run, &ended);
  EXPECT_THROW(f.blocking_get(), std::logic_error);
  // A task that never began is not told; the group still waited for it.
  EXPECT_LE(ended, 1);
}

TEST(group, fail_fast_throws_the_first_failure_with_its_own_type_and_reports_all) {
  manual_executor e;
  int done = 0;
  group_report report;
  auto const before = e.now();
  EXPECT_THROW(e.submit(three, group_options{.report = &report}, &done).blocking_get(),
               std::runtime_error);
  EXPECT_EQ(e.now() - before, 2s);
  EXPECT_EQ(done, 1);
  ASSERT_EQ(report.failures.size(), 1u);
  EXPECT_EQ(report.failures[0].name, "early one");
  EXPECT_NE(report.failures[0].where.line, 0u);
}

TEST(group, collect_all_lets_everything_end_and_throws_all_failures) {
  manual_executor e;
  int done = 0;
  try {
    e.submit(three, group_options{.policy = group_policy::collect_all}, &done).blocking_get();
    FAIL() << "nothing was thrown";
  } catch (group_error const& all) {
    ASSERT_EQ(all.failures().size(), 2u);
    EXPECT_EQ(describe(all.failures()[0].error), "early");
    EXPECT_EQ(describe(all.failures()[1].error), "late");
    EXPECT_NE(std::string(all.what()).find("early one"), std::string::npos);
    EXPECT_THROW(all.rethrow_primary(), std::runtime_error);
  }
}

TEST(group, supervise_throws_nothing_and_reports) {
  manual_executor e;
  int done = 0;
  group_report report;
  group_options const o{.policy = group_policy::supervise, .report = &report};
  e.submit(three, o, &done).blocking_get();
  EXPECT_EQ(report.failures.size(), 2u);
}

TEST(group, a_group_that_stops_itself_ends_without_an_error) {
  manual_executor e;
  auto const run = []() -> task<int> {
    auto const body = [](group& g) {
      g.spawn([]() -> task<> { co_await sleep_for(1h); });
      auto const end = [](group* all) -> task<> {
        co_await sleep_for(1s);
        all->stop();
      };
      g.spawn(end, &g);
    };
    co_await with_group(body);
    co_return 1;
  };
  EXPECT_EQ(e.submit(run).blocking_get(), 1);
}

TEST(group, the_stop_of_the_opener_reaches_every_task_and_is_thrown_on) {
  manual_executor e;
  int done = 0;
  auto f = e.submit(three, group_options{}, &done);
  e.run_until_idle();
  f.stop();
  EXPECT_THROW(f.blocking_get(), stopped);
  EXPECT_EQ(done, 0);
}

TEST(group, a_body_that_ends_stopped_by_itself_stops_its_tasks_and_says_so) {
  manual_executor e;
  auto const run = [](executor_members<any_call>* ex, bool* sibling_stopped) -> task<> {
    auto const body = [=](group& g) -> task<> {
      g.spawn(
          [](bool* stopped_here) -> task<> {
            try {
              co_await sleep_for(never - clock::now());
            } catch (stopped const&) {
              *stopped_here = true;
              throw;
            }
          },
          sibling_stopped);
      auto call = ex->submit([]() -> task<> { co_await sleep_for(1h); });
      call.stop();
      co_await call;
    };
    co_await with_group(body);
  };
  bool sibling_stopped = false;
  EXPECT_THROW(e.submit(run, &e, &sibling_stopped).blocking_get(), stopped);
  EXPECT_TRUE(sibling_stopped);
}

TEST(group, a_task_knows_the_name_it_was_given) {
  manual_executor e;
  auto const run = [](std::string* name) -> task<> {
    auto const body = [name](group& g) {
      std::string const number = std::to_string(7);
      auto const note = [name] { *name = current_task()->name; };
      g.spawn({.name = "task " + number}, note);
    };
    co_await with_group(body);
  };
  std::string name;
  e.submit(run, &name).blocking_get();
  EXPECT_EQ(name, "task 7");
}

TEST(group, its_tasks_start_where_it_was_opened_though_its_body_went_elsewhere) {
  manual_executor e;
  thread_pool pool({.workers = 1});
  auto const run = [](executor_base* other, executor_base** home) -> task<> {
    auto const body = [=](group& g) -> task<> {
      executor_base& back = *current_task()->executor;
      co_await hop(*other);
      g.spawn([](executor_base** to) { *to = current_task()->executor; }, home);
      co_await hop(back);
    };
    co_await with_group(body);
  };
  executor_base* home = nullptr;
  auto f = e.submit(run, &pool, &home);
  while (!f.done()) e.run_one();
  EXPECT_EQ(home, &e);
}

TEST(group, counts_its_tasks) {
  manual_executor e;
  auto const run = []() -> task<bool> {
    auto const body = [](group& g) -> task<bool> {
      int n = 0;
      g.spawn(count_up, &n);
      g.spawn(count_up, &n);
      bool const begun = g.total() == 2 && g.running() == 2 && g.failed() == 0;
      co_await sleep_for(1s);
      co_return begun&& g.running() == 0 && n == 2;
    };
    co_return co_await with_group(body);
  };
  EXPECT_TRUE(e.submit(run).blocking_get());
}

TEST(group, on_a_pool_no_task_is_lost) {
  thread_pool pool({.workers = 3});
  auto const run = []() -> task<int> {
    seam::atomic<int> n{0};
    auto const body = [&n](group& g) {
      for (int i = 0; i < 1000; ++i)
        g.spawn([](seam::atomic<int>* m) { m->fetch_add(1, seam::relaxed); }, &n);
    };
    co_await with_group(body);
    co_return n.load(seam::relaxed);
  };
  for (int round = 0; round < 20; ++round) EXPECT_EQ(pool.submit(run).blocking_get(), 1000);
}

TEST(group, a_failure_is_kept_when_there_is_no_memory_left) {
  if (!test::allocations_can_fail) GTEST_SKIP() << "needs an allocator without thread sanitizer";
  static std::optional<test::failing_allocation> none_left;
  manual_executor e;
  auto const run = []() -> task<> {
    auto const fails = [] {
      none_left.emplace(sizeof(failure), sizeof(failure) * 8);
      throw std::out_of_range("x");
    };
    auto const body = [fails](group& g) {
      g.spawn({.name = "a name longer than a small string"}, fails);
    };
    co_await with_group(body);
  };
  EXPECT_THROW(e.submit(run).blocking_get(), std::out_of_range);
  none_left.reset();
}
