// SPDX-License-Identifier: Apache-2.0
// Forks and joins under many schedules: the rest is taken, taken back, or suspends in the middle.
#include <optional>

#include <quartet/algo/fork_join.hpp>
#include <quartet/algo/parallel_each.hpp>
#include <quartet/core/executor.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/seam/futex.hpp>
#include <quartet/seam/shared.hpp>
#include <quartet/sync/condition.hpp>
#include <quartet/sync/mutex.hpp>

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

TEST(races, a_loop_runs_each_item_once_and_waits_for_all) {
  explored(1500, [] {
    thread_pool pool({.workers = 2});
    tally t;
    auto const loop = [](tally* of) {
      parallel_each(4, [of](std::size_t i) { of->ran[i] = of->ran[i] + 1; });
      EXPECT_EQ(of->sum(), 4);
    };
    pool.submit(loop, &t).blocking_get();
    for (auto const& each : t.ran) EXPECT_EQ(each, 1);
  });
}

// The call may come back without a slot, and gets one as soon as the other has left it.
TEST(races, a_call_that_has_blocked_shares_its_loop_again) {
  explored(1000, [] {
    thread_pool pool({.workers = 1});
    tally t;
    auto const loop = [&] {
      auto other = pool.submit([] {});
      pool.submit([] {}).blocking_get();
      parallel_each(4, [&](std::size_t i) { t.ran[i] = t.ran[i] + 1; });
      EXPECT_EQ(t.sum(), 4);
      other.blocking_get();
    };
    pool.submit(loop).blocking_get();
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

// Who blocks gives the slot away, others go on with the rest there, block in their turn, and then
// the first one gets it back with what is left.
TEST(races, branches_that_block_run_once) {
  explored(500, [] {
    thread_pool other({.workers = 1});
    thread_pool pool({.workers = 1});
    seam::atomic<int> ran[4] = {};
    auto const branch = [&](int i) {
      return [&, i] {
        ran[i].fetch_add(1, seam::relaxed);
        other.submit([] {}).blocking_get();
      };
    };
    auto const b0 = branch(0), b1 = branch(1), b2 = branch(2), b3 = branch(3);
    auto const coroutine = [&]() -> task<> { co_await fork_join(b0, b1, b2, b3); };
    pool.submit([&] { parallel_invoke(b0, b1, b2, b3); }).blocking_get();
    for (auto& each : ran) EXPECT_EQ(each.load(seam::relaxed), 1);
    pool.submit(coroutine).blocking_get();
    for (auto& each : ran) EXPECT_EQ(each.load(seam::relaxed), 2);
  });
}

// The first branch leaves a call above the rest, for which the second waits without a word to the
// pool: the other worker is free and has to come.
TEST(races, what_lies_above_a_rest_that_is_taken_back_is_still_seen) {
  explored(1000, [] {
    thread_pool pool({.workers = 2});
    seam::futex_word told{0};
    auto const run = [&] {
      std::optional<future<void>> call;
      parallel_invoke(
          [&] {
            call.emplace(pool.submit([&] {
              told.store(1, seam::release);
              seam::futex_wake(told, 1);
            }));
          },
          [&] {
            while (told.load(seam::acquire) == 0) seam::futex_wait(told, 0);
          });
      call->blocking_get();
    };
    pool.submit(run).blocking_get();
  });
}

// The wait in the first branch is unstoppable while it locks the mutex again; what others take of
// the fork meanwhile is not.
TEST(races, a_rest_that_is_taken_has_the_scope_of_the_fork) {
  explored(500, [] {
    thread_pool other({.workers = 1});
    thread_pool pool({.workers = 1});
    mutex m;
    condition c;
    bool ready = false;
    auto const waits = [&] {
      m.blocking_lock();
      c.blocking_wait(m, [&] { return ready; });
      m.unlock();
    };
    auto const blocks = [&] { other.submit([] {}).blocking_get(); };
    auto const looks = [] { EXPECT_NE(current_task()->scope, nullptr); };
    seam::thread notifier([&] {
      m.blocking_lock();
      ready = true;
      c.notify_one();
      blocks();
      m.unlock();
    });
    pool.submit([&] { parallel_invoke(waits, blocks, looks); }).blocking_get();
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
