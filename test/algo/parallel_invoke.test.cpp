// SPDX-License-Identifier: Apache-2.0
// parallel_invoke: plain functions side by side, waited for without running anything foreign.
#include <gtest/gtest.h>
#include <memory>
#include <string>

#include <quartet/algo/parallel_invoke.hpp>
#include <quartet/core/executor.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/seam/mutex.hpp>
#include <quartet/sync/latch.hpp>

using namespace quartet;

namespace {

long fib(long n) {
  if (n < 2) return n;
  auto [a, b] = parallel_invoke([n] { return fib(n - 1); }, [n] { return fib(n - 2); });
  return a + b;
}

long count(std::uint64_t x, unsigned depth) {
  x = (x ^ (x >> 31)) * 0xbf58476d1ce4e5b9u;
  if (depth == 0 || x % 7 == 0) return 1;
  auto const child = [x, depth](std::uint64_t i) { return count(x + i, depth - 1); };
  auto [a, b, c] =
      parallel_invoke([&] { return child(1); }, [&] { return child(2); }, [&] { return child(3); });
  return 1 + a + b + c;
}
long count_serially(std::uint64_t x, unsigned depth) {
  x = (x ^ (x >> 31)) * 0xbf58476d1ce4e5b9u;
  if (depth == 0 || x % 7 == 0) return 1;
  long n = 1;
  for (std::uint64_t i = 1; i != 4; ++i) n += count_serially(x + i, depth - 1);
  return n;
}

}  // namespace

TEST(parallel_invoke, gives_the_results_in_order_wherever_it_is_called) {
  auto const run = [] {
    auto [a, b, c] = parallel_invoke([] { return 1; }, [] {}, [] { return std::string("three"); });
    static_assert(std::is_same_v<decltype(b), unit>);
    return std::to_string(a) + c;
  };
  event_loop loop;
  thread_pool pool{{.workers = 3}};
  EXPECT_EQ(run(), "1three");
  EXPECT_EQ(loop.submit(run).blocking_get(), "1three");
  EXPECT_EQ(pool.submit(run).blocking_get(), "1three");
}

TEST(parallel_invoke, divides_itself_over_workers) {
  for (unsigned workers : {1u, 2u, 4u}) {
    thread_pool pool{{.workers = workers}};
    EXPECT_EQ(pool.submit(fib, 18).blocking_get(), 2584);
    for (std::uint64_t seed = 1; seed != 40; ++seed)
      ASSERT_EQ(pool.submit(count, seed, 8u).blocking_get(), count_serially(seed, 8)) << seed;
  }
}

TEST(parallel_invoke, the_first_failure_in_order_is_thrown_after_all_have_ended) {
  thread_pool pool{{.workers = 2}};
  auto const run = [](int* ended) {
    latch both(2);
    auto const meet = [&] {
      both.count_down();
      both.blocking_wait();
    };
    parallel_invoke(
        [&] {
          meet();
          throw std::runtime_error("first");
        },
        [&] {
          meet();
          ++*ended;
          throw std::logic_error("second");
        });
  };
  int ended = 0;
  EXPECT_THROW(pool.submit(run, &ended).blocking_get(), std::runtime_error);
  EXPECT_EQ(ended, 1);
}

TEST(parallel_invoke, a_failure_leaves_out_what_has_not_begun) {
  thread_pool one{{.workers = 1}};
  int begun = 0;
  auto const run = [](int* n) {
    parallel_invoke(
        [n] {
          ++*n;
          throw std::logic_error("first");
        },
        [n] { ++*n; });
  };
  EXPECT_THROW(one.submit(run, &begun).blocking_get(), std::logic_error);
  EXPECT_EQ(begun, 1);
}

TEST(parallel_invoke, functions_that_block_give_their_slot_away) {
  thread_pool one{{.workers = 1}};
  auto const run = [](thread_pool* p) {
    auto const ask = [p](int x) { return p->submit([x] { return x; }).blocking_get(); };
    auto [a, b] = parallel_invoke([&] { return ask(1); }, [&] { return ask(2); });
    return a + b;
  };
  EXPECT_EQ(one.submit(run, &one).blocking_get(), 3);
}

// The first function and the one who waits for the second hold a lock that foreign calls need.
TEST(parallel_invoke, who_waits_runs_nothing_foreign) {
  thread_pool pool{{.workers = 2}};
  seam::mutex lock;
  auto const foreign = [](seam::mutex* m) {
    seam::guard g(*m);
    return 1;
  };
  auto const run = [](thread_pool* p, seam::mutex* m, decltype(foreign) f) {
    std::vector<future<int>> all;
    {
      seam::guard g(*m);
      for (int i = 0; i != 20; ++i) all.push_back(p->submit(f, m));
      long const n = fib(12);
      EXPECT_EQ(n, 144);
    }
    int sum = 0;
    for (auto& each : all) sum += each.blocking_get();
    return sum;
  };
  for (int i = 0; i != 50; ++i)
    ASSERT_EQ(pool.submit(run, &pool, &lock, foreign).blocking_get(), 20);
}

TEST(parallel_invoke, knows_its_task_in_every_function) {
  thread_pool pool{{.workers = 4}};
  auto const run = [] {
    task_context* const mine = current_task();
    latch all(3);
    auto const check = [&] {
      all.count_down();
      all.blocking_wait();
      return current_task() != nullptr && current_task()->scope == mine->scope;
    };
    auto [a, b, c] = parallel_invoke(check, check, check);
    return a && b && c;
  };
  EXPECT_TRUE(pool.submit(run).blocking_get());
}
