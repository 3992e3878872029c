// SPDX-License-Identifier: Apache-2.0
// Forks and joins under many schedules: the rest is taken, taken back, or suspends in the middle.
#include <quartet/algo/fork_join.hpp>
#include <quartet/algo/parallel_invoke.hpp>
#include <quartet/core/executor.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/seam/shared.hpp>

#include "races/explored.hpp"

using namespace quartet;
using test::explored;
using test::explored_without_memory;

namespace {

/// Plain data that each branch writes, and whoever forked reads.
struct tally {
  shared<int> ran[4] = {};
  int sum() const {
    int n = 0;
    for (auto const& each : ran) n += each;
    return n;
  }
};

task<int> leaf(tally* t, std::size_t i) {
  t->ran[i] = t->ran[i] + 1;
  co_return 1 << i;
}
task<int> late_leaf(tally* t, std::size_t i) {
  co_await yield();
  co_return co_await leaf(t, i);
}
task<int> pair_of_leaves(tally* t, std::size_t i) {
  auto [a, b] = co_await fork_join([=] { return leaf(t, i); }, [=] { return late_leaf(t, i + 1); });
  co_return a + b;
}

int plain_pair(tally* t, std::size_t i) {
  auto const run = [t](std::size_t k) {
    t->ran[k] = t->ran[k] + 1;
    return 1 << k;
  };
  auto [a, b] = parallel_invoke([&] { return run(i); }, [&] { return run(i + 1); });
  return a + b;
}

}  // namespace

TEST(races, a_fork_of_coroutines_runs_each_branch_once_and_joins_all) {
  explored(1500, [] {
    thread_pool pool({.workers = 2});
    tally t;
    auto const run = [](tally* of) -> task<int> {
      auto [a, b] = co_await fork_join([of] { return pair_of_leaves(of, 0); },
                                       [of] { return pair_of_leaves(of, 2); });
      EXPECT_EQ(of->sum(), 4);
      co_return a + b;
    };
    EXPECT_EQ(pool.submit(run, &t).blocking_get(), 15);
  });
}

TEST(races, a_fork_of_three_passes_its_rest_from_worker_to_worker) {
  explored(1500, [] {
    thread_pool pool({.workers = 3});
    tally t;
    auto const run = [](tally* of) -> task<int> {
      auto [a, b, c] =
          co_await fork_join([of] { return late_leaf(of, 0); }, [of] { return leaf(of, 1); },
                             [of] { return leaf(of, 2); });
      EXPECT_EQ(of->sum(), 3);
      co_return a + b + c;
    };
    EXPECT_EQ(pool.submit(run, &t).blocking_get(), 7);
  });
}

TEST(races, a_plain_fork_runs_each_branch_once_and_waits_for_all) {
  explored(1500, [] {
    thread_pool pool({.workers = 2});
    tally t;
    auto const run = [](tally* of) {
      auto [a, b] =
          parallel_invoke([of] { return plain_pair(of, 0); }, [of] { return plain_pair(of, 2); });
      EXPECT_EQ(of->sum(), 4);
      return a + b;
    };
    EXPECT_EQ(pool.submit(run, &t).blocking_get(), 15);
  });
}

TEST(races, branches_that_fail_are_joined_and_the_first_in_order_is_thrown) {
  explored(1000, [] {
    thread_pool pool({.workers = 2});
    tally t;
    auto const run = [](tally* of) -> task<> {
      auto const fails = [of]() -> task<> {
        co_await late_leaf(of, 0);
        throw std::out_of_range("first");
      };
      auto const fails_too = [of] {
        of->ran[1] = 1;
        throw std::runtime_error("second");
      };
      auto const works = [of] { return late_leaf(of, 2); };
      co_await fork_join(fails, fails_too, works);
    };
    auto f = pool.submit(run, &t);
    EXPECT_THROW(f.blocking_get(), std::out_of_range);
    EXPECT_EQ(t.ran[0], 1);
  });
}

TEST(races, forks_end_when_memory_runs_out) {
  explored_without_memory(1000, [] {
    thread_pool pool({.workers = 2});
    tally t;
    auto const run = [](tally* of) -> task<int> {
      auto [a, b] = co_await fork_join([of] { return pair_of_leaves(of, 0); },
                                       [of] { return pair_of_leaves(of, 2); });
      co_return a + b;
    };
    try {
      EXPECT_EQ(pool.submit(run, &t).blocking_get(), 15);
    } catch (std::bad_alloc const&) {
    }
    for (auto const& each : t.ran) EXPECT_LE(each, 1);
  });
}
