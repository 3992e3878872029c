// SPDX-License-Identifier: Apache-2.0
// fork_join: branches that run, suspend, fail, hop and are stolen, joined once.
#include <gtest/gtest.h>
#include <memory>
#include <string>

#include <quartet/algo/fork_join.hpp>
#include <quartet/core/executor.hpp>
#include <quartet/core/scope.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/inline/inline_executor.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/manual/manual_executor.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/sync/channel.hpp>
#include <quartet/sync/latch.hpp>

using namespace quartet;
using namespace std::chrono_literals;

namespace {

task<long> fib(long n) {
  if (n < 2) co_return n;
  auto [a, b] = co_await fork_join([n] { return fib(n - 1); }, [n] { return fib(n - 2); });
  co_return a + b;
}

task<int> after_a_while(int x, duration d) {
  co_await sleep_for(d);
  co_return x;
}

task<int> fails_later(char const* text) {
  co_await yield();
  throw std::runtime_error(text);
}

// Counts the nodes of a tree in whose branches some yield, some are plain, and some fail.
struct grove {
  std::uint64_t seed;
  seam::atomic<long> nodes{0};
  seam::atomic<long> failures{0};

  task<> node(unsigned depth, std::uint64_t x) {
    nodes.fetch_add(1, seam::relaxed);
    x = (x ^ (x >> 29)) * 0x9e3779b97f4a7c15u + seed;
    if ((x >> 8) % 3 == 0) co_await yield();
    if (depth == 0) {
      if ((x >> 16) % 5 != 0) co_return;
      failures.fetch_add(1, seam::relaxed);
      throw std::runtime_error("leaf");
    }
    auto const child = [this, depth, x](std::uint64_t i) -> task<> {
      try {
        co_await node(depth - 1, x + i);
      } catch (std::runtime_error const&) {
        failures.fetch_sub(1, seam::relaxed);
      }
    };
    auto const plain = [this] { nodes.fetch_add(1, seam::relaxed); };
    auto const a = [&] { return child(1); };
    auto const b = [&] { return child(2); };
    auto const c = [&] { return child(3); };
    if ((x >> 24) % 2 == 0)
      co_await fork_join(a, plain, b, c);
    else
      co_await fork_join(plain, a, plain);
  }
  static long expected(unsigned depth, std::uint64_t x, std::uint64_t seed) {
    x = (x ^ (x >> 29)) * 0x9e3779b97f4a7c15u + seed;
    if (depth == 0) return 1;
    if ((x >> 24) % 2 != 0) return 3 + expected(depth - 1, x + 1, seed);
    return 2 + expected(depth - 1, x + 1, seed) + expected(depth - 1, x + 2, seed) +
           expected(depth - 1, x + 3, seed);
  }
};

}  // namespace

TEST(fork_join, gives_the_results_in_the_order_of_the_branches_on_every_executor) {
  auto const run = []() -> task<std::string> {
    auto [n, s, u, p] =
        co_await fork_join([] { return fib(10); }, []() -> task<std::string> { co_return "text"; },
                           []() -> task<> { co_return; }, [] { return 7; });
    static_assert(std::is_same_v<decltype(u), unit>);
    co_return std::to_string(n) + s + std::to_string(p);
  };
  inline_executor here;
  event_loop loop;
  manual_executor by_hand;
  thread_pool one{{.workers = 1}};
  thread_pool four{{.workers = 4}};
  EXPECT_EQ(here.submit(run).blocking_get(), "55text7");
  EXPECT_EQ(loop.submit(run).blocking_get(), "55text7");
  EXPECT_EQ(by_hand.submit(run).blocking_get(), "55text7");
  EXPECT_EQ(one.submit(run).blocking_get(), "55text7");
  EXPECT_EQ(four.submit(run).blocking_get(), "55text7");
}

TEST(fork_join, branches_that_wait_overlap) {
  manual_executor e;
  auto const run = []() -> task<int> {
    auto [a, b, c] =
        co_await fork_join([] { return after_a_while(1, 2s); }, [] { return after_a_while(2, 3s); },
                           [] { return after_a_while(4, 1s); });
    co_return a + b + c;
  };
  auto const before = e.now();
  EXPECT_EQ(e.submit(run).blocking_get(), 7);
  EXPECT_EQ(e.now() - before, 3s);
}

TEST(fork_join, branches_begin_in_order) {
  event_loop loop;
  std::string said;
  auto const run = [](std::string* to) -> task<> {
    auto const say = [to](char c) -> task<> {
      *to += c;
      co_await yield();
      *to += static_cast<char>(c - 'a' + 'A');
    };
    co_await fork_join([&] { return say('a'); }, [&] { return say('b'); },
                       [&] { return say('c'); });
  };
  loop.submit(run, &said).blocking_get();
  EXPECT_EQ(said, "abcABC");
}

TEST(fork_join, a_branch_may_wait_for_one_written_later) {
  auto const run = []() -> task<int> {
    channel<int> c(1);
    auto [got, sent] = co_await fork_join([&c]() -> task<int> { co_return *co_await c.recv(); },
                                          [&c]() -> task<> { co_await c.send(42); });
    static_cast<void>(sent);
    co_return got;
  };
  event_loop loop;
  thread_pool one{{.workers = 1}};
  thread_pool three{{.workers = 3}};
  EXPECT_EQ(loop.submit(run).blocking_get(), 42);
  EXPECT_EQ(one.submit(run).blocking_get(), 42);
  for (int i = 0; i != 200; ++i) EXPECT_EQ(three.submit(run).blocking_get(), 42);
}

TEST(fork_join, the_first_failure_in_order_is_thrown_after_all_have_ended) {
  manual_executor e;
  bool ended = false;
  auto const run = [](bool* to) -> task<> {
    auto const slow = [to]() -> task<> {
      co_await sleep_for(1s);
      *to = true;
    };
    co_await fork_join(
        slow, [] { return fails_later("second"); }, [] { return fails_later("third"); });
  };
  try {
    e.submit(run, &ended).blocking_get();
    FAIL() << "nothing was thrown";
  } catch (std::runtime_error const& x) {
    EXPECT_STREQ(x.what(), "second");
  }
  EXPECT_TRUE(ended);
}

TEST(fork_join, a_failure_at_once_leaves_out_what_has_not_begun) {
  inline_executor here;
  int begun = 0;
  auto const run = [](int* n) -> task<> {
    co_await fork_join(
        [n]() -> task<> {
          ++*n;
          co_return;
        },
        [n] {
          ++*n;
          throw std::logic_error("plain");
        },
        [n] { ++*n; });
  };
  thread_pool one{{.workers = 1}};
  EXPECT_THROW(one.submit(run, &begun).blocking_get(), std::logic_error);
  EXPECT_EQ(begun, 2);
}

TEST(fork_join, results_may_be_move_only_and_callables_are_not_copied) {
  event_loop loop;
  auto const run = []() -> task<int> {
    auto p = std::make_unique<int>(40);
    auto const first = [q = std::move(p)] { return std::make_unique<int>(*q); };
    auto [a, b] = co_await fork_join(
        first, []() -> task<std::unique_ptr<int>> { co_return std::make_unique<int>(2); });
    co_return *a + *b;
  };
  EXPECT_EQ(loop.submit(run).blocking_get(), 42);
}

TEST(fork_join, a_branch_that_hops_does_not_move_the_task) {
  event_loop loop;
  thread_pool pool{{.workers = 2}};
  auto const run = [](event_loop* to, thread_pool* home) -> task<bool> {
    auto const hops = [to]() -> task<> {
      co_await hop(*to);
      EXPECT_EQ(current_execution()->executor, to);
    };
    co_await fork_join(hops, [] {});
    bool const first = current_execution()->executor == home;
    co_await fork_join([] {}, hops);
    co_return first&& current_execution()->executor == home;
  };
  auto f = pool.submit(run, &loop, &pool);
  loop.run([](future<bool>* g) -> task<> { EXPECT_TRUE(co_await *g); }, &f);
}

TEST(fork_join, a_stop_reaches_every_branch) {
  manual_executor e;
  auto const run = []() -> task<> {
    auto const forever = [] { return after_a_while(0, 24h); };
    co_await fork_join(forever, forever, forever);
  };
  auto const limited = [run]() -> task<> { co_await with_timeout(1s, run); };
  auto const before = e.now();
  EXPECT_THROW(e.submit(limited).blocking_get(), timed_out);
  EXPECT_EQ(e.now() - before, 1s);
}

TEST(fork_join, nests_far_deeper_than_a_stack_would_allow) {
  struct deep {
    static task<long> down(long n) {
      if (n == 0) co_return 0;
      auto [a, b] = co_await fork_join([n] { return down(n - 1); }, [] { return 1L; });
      co_return a + b;
    }
    static task<long> down_after_a_yield(long n) {
      if (n == 0) co_return 0;
      auto const yields = []() -> task<long> {
        co_await yield();
        co_return 1;
      };
      auto [a, b] = co_await fork_join(yields, [n] { return down_after_a_yield(n - 1); });
      co_return a + b;
    }
    static task<long> down_last(long n) {
      if (n == 0) co_return 0;
      auto [a, b] = co_await fork_join([] { return 1L; }, [n] { return down_last(n - 1); });
      co_return a + b;
    }
  };
  thread_pool pool{{.workers = 2}};
  event_loop loop;
  EXPECT_EQ(pool.submit(deep::down, 100'000).blocking_get(), 100'000);
  EXPECT_EQ(pool.submit(deep::down_last, 100'000).blocking_get(), 100'000);
  EXPECT_EQ(loop.submit(deep::down, 100'000).blocking_get(), 100'000);
  EXPECT_EQ(loop.submit(deep::down_last, 100'000).blocking_get(), 100'000);
  EXPECT_EQ(loop.submit(deep::down_after_a_yield, 100'000).blocking_get(), 100'000);
}

TEST(fork_join, every_node_of_a_random_tree_runs_once) {
  for (unsigned workers : {1u, 2u, 4u}) {
    thread_pool pool{{.workers = workers}};
    for (std::uint64_t seed = 1; seed != 60; ++seed) {
      grove g{seed};
      auto const run = [](grove* of) -> task<> {
        try {
          co_await of->node(7, 1);
        } catch (std::runtime_error const&) {
          of->failures.fetch_sub(1, seam::relaxed);
        }
      };
      pool.submit(run, &g).blocking_get();
      ASSERT_EQ(g.nodes.load(seam::relaxed), grove::expected(7, 1, seed)) << seed;
      ASSERT_EQ(g.failures.load(seam::relaxed), 0) << seed;
    }
  }
}

TEST(fork_join, work_that_a_branch_submits_does_not_hide_the_rest) {
  thread_pool one{{.workers = 1}};
  auto const run = [](thread_pool* p) -> task<int> {
    std::vector<future<int>> later;
    auto [a, b] = co_await fork_join(
        [&] {
          for (int i = 0; i != 100; ++i) later.push_back(p->submit([i] { return i; }));
          return 1;
        },
        [] { return 2; });
    int sum = a + b;
    for (auto& f : later) sum += co_await f;
    co_return sum;
  };
  EXPECT_EQ(one.submit(run, &one).blocking_get(), 3 + 4950);
}
