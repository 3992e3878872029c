// SPDX-License-Identifier: Apache-2.0
// The pool with plain functions: every call runs exactly once, whatever happens around it.
#include <atomic>
#include <gtest/gtest.h>
#include <memory>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <quartet/exec/threads/thread_pool.hpp>

namespace quartet {
namespace {

int twice(int x) { return 2 * x; }

TEST(thread_pool, runs_a_function_with_its_arguments) {
  thread_pool pool{{.workers = 2}};
  EXPECT_EQ(pool.submit([](int a, int b) { return a + b; }, 40, 2).blocking_get(), 42);
}

TEST(thread_pool, has_as_many_workers_as_were_asked_for) {
  EXPECT_EQ((thread_pool{{.workers = 3}}.workers()), 3u);
  EXPECT_GE(thread_pool{}.workers(), 1u);
}

TEST(thread_pool, refuses_an_absurd_number_of_workers) {
  EXPECT_THROW((thread_pool{{.workers = 100'000}}), std::invalid_argument);
}

TEST(thread_pool, its_workers_carry_its_name) {
  thread_pool pool{{.workers = 1, .name = "painters"}};
  auto name = pool.submit([] {
    char text[16] = {};
    pthread_getname_np(pthread_self(), text, sizeof text);
    return std::string(text);
  });
  EXPECT_EQ(name.blocking_get(), "painters");
}

// The chain always has a newer call in the worker's own deque.
TEST(thread_pool, calls_from_outside_do_not_starve_behind_a_chain_of_newer_ones) {
  struct chain {
    thread_pool& pool;
    std::atomic<bool> go{false};
    std::atomic<int> seen{0};
    int links = 0;
    static void link(chain* c) {
      while (!c->go) std::this_thread::yield();
      if (c->seen == 3 || ++c->links == 100'000) return;
      c->last = c->pool.submit(link, c);
    }
    std::optional<future<void>> last{};
  };
  thread_pool pool{{.workers = 1, .patience = {}}};
  chain c{pool};
  auto first = pool.submit(chain::link, &c);
  std::vector<future<void>> outside;
  for (int i = 0; i != 3; ++i) outside.push_back(pool.submit([&c] { ++c.seen; }));
  c.go = true;
  first.blocking_get();
  for (auto& each : outside) each.blocking_get();
  EXPECT_LT(c.links, 10'000);
}

TEST(thread_pool, warm_starts_every_worker) {
  thread_pool pool{{.workers = 3}};
  pool.warm();
  // Three calls that wait for each other need three threads at once.
  std::atomic<int> here{0};
  std::vector<future<void>> all;
  for (int i = 0; i < 3; ++i)
    all.push_back(pool.submit([&] {
      ++here;
      while (here < 3) std::this_thread::yield();
    }));
  for (auto& f : all) f.blocking_get();
  EXPECT_EQ(here, 3);
}

TEST(thread_pool, a_thousand_pools_come_and_go) {
  for (int i = 0; i < 1000; ++i) {
    thread_pool pool{{.workers = 2}};
    auto a = pool.submit(twice, i);
    auto b = pool.submit(twice, i + 1);
    ASSERT_EQ(a.blocking_get() + b.blocking_get(), 4 * i + 2);
  }
}

TEST(thread_pool, the_destructor_joins_what_still_runs) {
  std::atomic<int> ran{0};
  std::vector<future<void>> all;  // outlives the pool: a future dropped first would stop its call
  {
    thread_pool pool{{.workers = 2}};
    for (int i = 0; i < 100; ++i) all.push_back(pool.submit([&] { ++ran; }));
  }
  EXPECT_EQ(ran, 100);
}

// Oracle: call i adds i to a sum of its own index's cell; a call lost or run twice shows.
TEST(thread_pool, ten_thousand_tiny_calls_run_once_each) {
  for (unsigned workers : {1u, 2u, 4u}) {
    thread_pool pool{{.workers = workers}};
    std::vector<std::atomic<int>> runs(10'000);
    std::vector<future<int>> all;
    for (int i = 0; i < 10'000; ++i)
      all.push_back(pool.submit([&runs, i] { return ++runs[static_cast<std::size_t>(i)], i; }));
    for (int i = 0; i < 10'000; ++i) ASSERT_EQ(all[static_cast<std::size_t>(i)].blocking_get(), i);
    for (auto const& r : runs) ASSERT_EQ(r, 1);
  }
}

TEST(thread_pool, four_threads_submit_at_once) {
  thread_pool pool{{.workers = 3}};
  std::atomic<long> sum{0};
  auto const submitter = [&] {
    std::vector<future<void>> all;
    for (int i = 1; i <= 2'500; ++i) all.push_back(pool.submit([&sum, i] { sum += i; }));
    for (auto& f : all) f.blocking_get();
  };
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) threads.emplace_back(submitter);
  threads.clear();
  EXPECT_EQ(sum, 4L * 2'500 * 2'501 / 2);
}

// One call at a time to a pool that has gone to sleep: a lost wake-up would hang here.
TEST(thread_pool, an_idle_pool_hears_every_call) {
  for (unsigned workers : {1u, 2u, 4u}) {
    thread_pool pool{{.workers = workers}};
    for (int i = 0; i < 3'000; ++i) ASSERT_EQ(pool.submit(twice, i).blocking_get(), 2 * i);
  }
}

TEST(thread_pool, calls_from_outside_start_in_order_with_one_worker) {
  thread_pool pool{{.workers = 1}};
  std::vector<int> order;
  std::vector<future<void>> all;
  for (int i = 0; i < 1'000; ++i) all.push_back(pool.submit([&order, i] { order.push_back(i); }));
  for (auto& f : all) f.blocking_get();
  std::vector<int> expected(1'000);
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_EQ(order, expected);
}

TEST(thread_pool, an_exception_arrives_with_its_type) {
  thread_pool pool{{.workers = 2}};
  auto f = pool.submit([]() -> int { throw std::out_of_range("too far"); });
  EXPECT_THROW(f.blocking_get(), std::out_of_range);
  EXPECT_EQ(pool.submit(twice, 4).blocking_get(), 8);
}

TEST(thread_pool, takes_values_that_only_move) {
  thread_pool pool{{.workers = 2}};
  auto f = pool.submit([](std::unique_ptr<int> p) { return std::make_unique<int>(*p + 1); },
                       std::make_unique<int>(41));
  EXPECT_EQ(*f.blocking_get(), 42);
}

TEST(thread_pool, a_call_stopped_while_it_waits_never_runs) {
  thread_pool pool{{.workers = 1, .patience = {}}};
  std::atomic<bool> go{false};
  std::atomic<int> ran{0};
  auto first = pool.submit([&] {
    while (!go) std::this_thread::yield();
  });
  std::vector<future<void>> queued;
  for (int i = 0; i < 100; ++i) queued.push_back(pool.submit([&] { ++ran; }));
  for (auto& f : queued) f.stop();
  go = true;
  first.blocking_get();
  for (auto& f : queued) EXPECT_THROW(f.blocking_get(), stopped);
  EXPECT_EQ(ran, 0);
}

TEST(thread_pool, a_dropped_future_stops_its_waiting_call) {
  std::atomic<bool> go{false};
  std::atomic<int> ran{0};
  {
    thread_pool pool{{.workers = 1, .patience = {}}};
    auto first = pool.submit([&] {
      while (!go) std::this_thread::yield();
    });
    for (int i = 0; i < 10; ++i) static_cast<void>(pool.submit([&] { ++ran; }));
    go = true;
    first.blocking_get();
  }
  EXPECT_EQ(ran, 0);
}

// A running call submits more than any deque holds: the overflow goes where all can take it.
TEST(thread_pool, a_worker_may_submit_far_more_than_its_deque_holds) {
  thread_pool pool{{.workers = 2}};
  std::atomic<int> ran{0};
  pool.submit([&] {
        std::vector<future<void>> all;
        for (int i = 0; i < 20'000; ++i) all.push_back(pool.submit([&] { ++ran; }));
        for (auto& f : all) f.blocking_get();
      })
      .blocking_get();
  EXPECT_EQ(ran, 20'000);
}

// A call that submits for ever must not starve what came from outside.
TEST(thread_pool, a_chain_of_calls_starves_nobody) {
  thread_pool pool{{.workers = 1}};
  std::atomic<bool> heard{false};
  struct chain {
    thread_pool& pool;
    std::atomic<bool>& heard;
    std::vector<future<void>>& links;
    void operator()() const {
      if (!heard) links.push_back(pool.submit(*this));
    }
  };
  std::vector<future<void>> links;
  auto first = pool.submit(chain{pool, heard, links});
  pool.submit([&] { heard = true; }).blocking_get();
  first.blocking_get();
  pool.submit([] {}).blocking_get();
}

}  // namespace

TEST(thread_pool, a_timeout_reaches_calls_that_ask_while_every_worker_computes) {
  thread_pool pool({.workers = 2});
  auto const computes = [] {
    for (;;) checkpoint();
  };
  auto a = pool.submit({.timeout = std::chrono::milliseconds(5)}, computes);
  auto b = pool.submit({.timeout = std::chrono::milliseconds(5)}, computes);
  EXPECT_THROW(a.blocking_get(), timed_out);
  EXPECT_THROW(b.blocking_get(), timed_out);
}

}  // namespace quartet
