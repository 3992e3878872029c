// SPDX-License-Identifier: Apache-2.0
// Calls on simulated threads: what a seed decides, waits within, and the end of all calls.
#include <algorithm>
#include <gtest/gtest.h>
#include <optional>
#include <set>
#include <vector>

#include <quartet/algo/map.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/manual/manual_executor.hpp>
#include <quartet/exec/sim/simulator.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/seam/thread.hpp>
#include <quartet/sync/channel.hpp>

using namespace quartet;
using namespace std::chrono_literals;

namespace {

/// What calls of a run did, in order; and the run as a whole.
struct story {
  std::vector<int> order;
  std::uint64_t trace = 0;
  bool operator==(story const&) const = default;
};

/// Eight calls, functions and coroutines, that write down when they go on.
story told(std::uint64_t seed) {
  story t;
  simulator s({.seed = seed});
  auto const function = [&t](int n) {
    t.order.push_back(n);
    seam::yield_thread();
    t.order.push_back(n);
  };
  auto const coroutine = [](story* to, int n) -> task<> {
    to->order.push_back(n);
    co_await yield();
    to->order.push_back(n);
  };
  std::vector<future<void>> all;
  for (int n = 0; n != 4; ++n) {
    all.push_back(s.submit(function, n));
    all.push_back(s.submit(coroutine, &t, 10 + n));
  }
  for (auto& f : all) f.blocking_get();
  t.trace = s.trace_hash();
  return t;
}

int nested(simulator* s, int depth) {
  return depth == 0 ? 0 : s->submit(&nested, s, depth - 1).blocking_get() + 1;
}

}  // namespace

TEST(simulator, one_seed_is_one_interleaving_and_another_seed_another) {
  std::set<std::vector<int>> orders;
  std::set<std::uint64_t> traces;
  for (std::uint64_t seed = 1; seed != 100; ++seed) {
    story const t = told(seed);
    EXPECT_EQ(t, told(seed)) << "seed " << seed;
    EXPECT_EQ(t.order.size(), 16U);
    orders.insert(t.order);
    traces.insert(t.trace);
  }
  EXPECT_GT(orders.size(), 90U);
  EXPECT_GT(traces.size(), 90U);
}

TEST(simulator, a_lost_update_of_two_calls_is_found_under_some_seeds) {
  int lost = 0;
  for (std::uint64_t seed = 1; seed != 200; ++seed) {
    seam::atomic<int> n{0};
    simulator s({.seed = seed});
    auto const count = [&n] { n.store(n.load(seam::relaxed) + 1, seam::relaxed); };
    auto a = s.submit(count), b = s.submit(count);
    a.blocking_get();
    b.blocking_get();
    lost += n.load(seam::relaxed) == 1 ? 1 : 0;
  }
  EXPECT_GT(lost, 10);
  EXPECT_LT(lost, 190);
}

TEST(simulator, nothing_runs_until_somebody_waits) {
  int ran = 0;
  simulator s;
  auto f = s.submit([&ran] { ++ran; });
  EXPECT_EQ(ran, 0);
  EXPECT_FALSE(f.done());
  f.blocking_get();
  EXPECT_EQ(ran, 1);
}

TEST(simulator, functions_wait_for_calls_of_their_own_executor_however_deep) {
  for (std::uint64_t seed = 1; seed != 20; ++seed) {
    simulator s({.seed = seed, .workers = 1});
    EXPECT_EQ(s.submit(&nested, &s, 100).blocking_get(), 100);
  }
}

// Of one worker: who blocks by whatever means is replaced.
TEST(simulator, a_call_that_blocks_by_any_means_is_replaced) {
  for (std::uint64_t seed = 1; seed != 50; ++seed) {
    simulator s({.seed = seed, .workers = 1});
    seam::futex_word word{0};
    channel<int> numbers(1);
    auto waits = s.submit([&] {
      while (word.load(seam::acquire) == 0) seam::futex_wait(word, 0);
    });
    auto receives = s.submit([&] { return *numbers.blocking_recv(); });
    auto sends = s.submit([&] {
      word.store(1, seam::release);
      seam::futex_wake(word, 1);
      numbers.blocking_send(7);
    });
    EXPECT_EQ(receives.blocking_get(), 7);
    waits.blocking_get();
    sends.blocking_get();
  }
}

TEST(simulator, the_real_pool_and_the_real_loop_run_in_calls) {
  std::set<std::uint64_t> traces;
  for (std::uint64_t seed = 1; seed != 100; ++seed) {
    simulator s({.seed = seed});
    auto const on_a_pool = [] {
      thread_pool pool({.workers = 2});
      auto const one = [&pool] { return pool.submit([] { return 20; }).blocking_get() + 1; };
      auto a = pool.submit(one), b = pool.submit(one);
      return a.blocking_get() + b.blocking_get();
    };
    auto const on_a_loop = [] {
      event_loop loop;
      channel<int> numbers(1);
      seam::thread sender([&] {
        for (int i = 0; i != 3; ++i) numbers.blocking_send(i);
        numbers.close();
      });
      auto const sums = [](channel<int>* from) -> task<int> {
        int sum = 0;
        while (auto n = co_await from->recv()) {
          sum += *n;
          co_await sleep_for(8h);
        }
        co_return sum;
      };
      return loop.submit(sums, &numbers).blocking_get();
    };
    auto a = s.submit(on_a_pool);
    auto b = s.submit(on_a_loop);
    EXPECT_EQ(a.blocking_get(), 42) << "seed " << seed;
    EXPECT_EQ(b.blocking_get(), 3) << "seed " << seed;
    traces.insert(s.trace_hash());
  }
  EXPECT_GT(traces.size(), 90U);
}

TEST(simulator, executors_of_every_driven_kind_run_in_calls) {
  simulator s;
  auto const inside = [] {
    manual_executor manual;
    simulator another({.seed = 3});
    auto const f = [] { return 21; };
    return manual.submit(f).blocking_get() + another.submit(f).blocking_get();
  };
  EXPECT_EQ(s.submit(inside).blocking_get(), 42);
}

TEST(simulator, no_more_items_at_once_than_asked_for_and_sometimes_as_many) {
  int most = 0;
  for (std::uint64_t seed = 1; seed != 50; ++seed) {
    simulator s({.seed = seed, .workers = 4});
    seam::atomic<int> inside{0};
    std::vector<int> const items(20);
    auto const counts = [&](int) {
      most = std::max(most, inside.fetch_add(1, seam::relaxed) + 1);
      seam::yield_thread();
      inside.fetch_sub(1, seam::relaxed);
    };
    for_each(s, items, counts, {.workers = 2}).blocking_get();
    ASSERT_LE(most, 2);
  }
  EXPECT_EQ(most, 2);
}

TEST(simulator, the_destructor_ends_every_call) {
  std::vector<int> out;
  std::optional<future<void>> function, coroutine, endless;
  {
    simulator s;
    function.emplace(s.submit([&out] { out.push_back(1); }));
    coroutine.emplace(s.submit([&out]() -> task<> {
      co_await sleep_for(1h);
      out.push_back(2);
    }));
    endless.emplace(s.submit([]() -> task<> { co_await sleep_until(never); }));
    endless->stop();
    auto const dropped = s.submit([&out] { out.push_back(3); });
  }
  EXPECT_EQ(out, (std::vector{1, 2}));
  function->blocking_get();
  coroutine->blocking_get();
  EXPECT_THROW(endless->blocking_get(), stopped);
}
