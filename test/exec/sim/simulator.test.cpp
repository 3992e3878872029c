// SPDX-License-Identifier: Apache-2.0
// Calls on simulated threads: what a seed decides, virtual time, waits within, and every way to
// end.
#define QUARTET_CHECK 1
#include <gtest/gtest.h>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <quartet/algo/map.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/manual/manual_executor.hpp>
#include <quartet/exec/sim/simulator.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/seam/check.hpp>
#include <quartet/seam/invariant.hpp>
#include <quartet/seam/shared.hpp>
#include <quartet/seam/thread.hpp>
#include <quartet/sync/channel.hpp>
#include <quartet/sync/mutex.hpp>

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

template <class E, class F> std::string message_of(F&& f) {
  try {
    f();
  } catch (E const& e) {
    return e.what();
  } catch (std::exception const& e) {
    return std::string("another error: ") + e.what();
  }
  return "no error";
}
bool holds(std::string const& text, std::string const& part) {
  return text.find(part) != std::string::npos;
}

/// Takes two locks, one after the other.
void both(seam::mutex& first, seam::mutex& second) {
  seam::guard a(first);
  seam::guard b(second);
}

/// A call that nobody resumes before `resume`.
struct gate {
  struct awaiter : detail::native_awaiter {
    explicit awaiter(gate& x) noexcept : g(x) {}
    bool await_ready() const noexcept { return false; }
    template <class P> void await_suspend(std::coroutine_handle<P> h) noexcept {
      g.waiting.suspend(detail::leave(h), h);
    }
    void await_resume() const noexcept {}
    gate& g;
  };
  task_waiter waiting;
};
task<> pass(gate* g) { co_await gate::awaiter(*g); }

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

TEST(simulator, sleeping_takes_no_time_and_is_exact) {
  simulator s;
  auto const begin = s.now();
  auto const function = [] {
    auto const at = clock::now();
    blocking_sleep_for(24h);
    return clock::now() - at;
  };
  auto const coroutine = []() -> task<duration> {
    auto const at = clock::now();
    co_await sleep_for(24h);
    co_return clock::now() - at;
  };
  std::vector<future<duration>> all;
  for (int i = 0; i != 50; ++i) {
    all.push_back(s.submit(function));
    all.push_back(s.submit(coroutine));
  }
  for (auto& f : all) EXPECT_EQ(f.blocking_get(), 24h);
  EXPECT_EQ(s.now() - begin, 24h);
}

TEST(simulator, time_stands_while_anybody_can_go_on) {
  for (std::uint64_t seed = 1; seed != 50; ++seed) {
    simulator s({.seed = seed, .workers = 1});
    std::vector<int> order;
    auto const sleeps = [](std::vector<int>* to, int n) -> task<> {
      co_await sleep_for(1ns * n);
      to->push_back(n);
    };
    auto late = s.submit(sleeps, &order, 2), early = s.submit(sleeps, &order, 1);
    auto computes = s.submit([&order] {
      auto const at = clock::now();
      for (int i = 0; i != 100; ++i) seam::yield_thread();
      EXPECT_EQ(clock::now(), at);
      order.push_back(0);
    });
    late.blocking_get();
    early.blocking_get();
    computes.blocking_get();
    EXPECT_EQ(order, (std::vector{0, 1, 2})) << "seed " << seed;
  }
}

TEST(simulator, a_timeout_comes_in_virtual_time) {
  simulator s;
  auto const begin = s.now();
  auto const sleeps = []() -> task<> { co_await sleep_for(2h); };
  auto a = s.submit({.timeout = 1h}, sleeps);
  auto b = s.submit({.timeout = 1h}, [] { blocking_sleep_for(2h); });
  EXPECT_THROW(a.blocking_get(), timed_out);
  EXPECT_THROW(b.blocking_get(), timed_out);
  EXPECT_EQ(s.now() - begin, 1h);
}

TEST(simulator, drive_lets_the_time_pass_to_its_deadline) {
  simulator s;
  seam::atomic<bool> const no{false}, yes{true};
  auto const begin = s.now();
  auto f = s.submit([]() -> task<> { co_await sleep_for(5h); });
  s.drive(no, clock::now() + 3h);
  EXPECT_LE(s.now() - begin, 3h);
  EXPECT_GT(s.now() - begin, 2h);
  s.drive(yes, never);
  f.blocking_get();
  EXPECT_EQ(s.now() - begin, 5h);
}

TEST(simulator, a_stop_ends_what_sleeps_and_what_has_not_begun) {
  simulator s({.workers = 1});
  auto const begin = s.now();
  auto a = s.submit([]() -> task<> { co_await sleep_for(1h); });
  s.submit([] {}).blocking_get();
  a.stop();
  EXPECT_THROW(a.blocking_get(), stopped);
  EXPECT_EQ(s.now(), begin);
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

TEST(simulator, what_a_call_gets_and_gives_is_no_race_and_what_two_share_is) {
  auto const races = [](bool between_calls) {
    int n = 0;
    for (std::uint64_t seed = 1; seed != 100; ++seed) {
      simulator s({.seed = seed});
      auto const works = [&s, between_calls] {
        shared<int> x{1};
        auto const adds = [&x] { ++x; };
        auto a = s.submit(adds);
        if (between_calls) ++x;
        a.blocking_get();
        auto const adds_later = [](shared<int>* to) -> task<> {
          co_await yield();
          ++*to;
        };
        s.submit(adds_later, &x).blocking_get();
        check(x == (between_calls ? 4 : 3));
      };
      auto const text = message_of<simulation_failed>([&] { s.submit(works).blocking_get(); });
      EXPECT_TRUE(text == "no error" || holds(text, "a data race: thread ")) << text;
      n += text == "no error" ? 0 : 1;
    }
    return n;
  };
  EXPECT_EQ(races(false), 0);
  EXPECT_EQ(races(true), 99);
}

TEST(simulator, a_deadlock_is_refused_and_it_says_who_stands_where) {
  int refused = 0;
  for (std::uint64_t seed = 1; seed != 100; ++seed) {
    seam::mutex a, b;
    simulator s({.seed = seed});
    auto f = s.submit({.name = "forth"}, [&] { both(a, b); });
    auto g = s.submit({.name = "back"}, [&] { both(b, a); });
    auto const text = message_of<would_deadlock>([&] {
      f.blocking_get();
      g.blocking_get();
    });
    if (text == "no error") continue;
    ++refused;
    EXPECT_TRUE(holds(text, "(seed " + std::to_string(seed) + ")")) << text;
    EXPECT_TRUE(holds(text, " in call 'forth' waits for the lock that thread ")) << text;
    EXPECT_TRUE(holds(text, " in call 'back' waits for the lock that thread ")) << text;
    EXPECT_TRUE(holds(text, "simulator.test.cpp:")) << text;
    EXPECT_EQ(s.submit([] { return 3; }).blocking_get(), 3) << "others go on";
  }
  EXPECT_GT(refused, 5);
  EXPECT_LT(refused, 95);
}

TEST(simulator, a_wait_for_a_call_that_cannot_go_on_is_refused_outside) {
  simulator s;
  gate g;
  auto f = s.submit([&] { s.submit(pass, &g).blocking_get(); });
  auto const text = message_of<would_deadlock>([&] { f.blocking_get(); });
  EXPECT_TRUE(holds(text, "thread 1 waits for another call")) << text;
  g.waiting.resume();
  f.blocking_get();
}

TEST(simulator, a_wait_that_was_refused_goes_on_once_somebody_is_resumed) {
  simulator s;
  gate g;
  auto f = s.submit(pass, &g);
  auto const text = message_of<would_deadlock>([&] { f.blocking_get(); });
  EXPECT_TRUE(holds(text, "no timer is armed")) << text;
  EXPECT_TRUE(holds(text, "submit or resume what it waits for first")) << text;
  g.waiting.resume();
  f.blocking_get();
}

TEST(simulator, a_batch_can_be_dropped_after_its_wait_was_refused) {
  seam::futex_word word{0};
  std::vector<int> const items(3);
  simulator s;
  {
    auto const waits_for_ever = [&word](int) {
      while (word.load(seam::acquire) == 0) seam::futex_wait(word, 0);
    };
    auto all = for_each(s, items, waits_for_ever);
    EXPECT_THROW(all.blocking_get(), would_deadlock);
  }
  auto const text = message_of<simulation_failed>([&] { s.submit([] {}).blocking_get(); });
  EXPECT_TRUE(holds(text, "the simulator has been given up: nobody can go on")) << text;
}

TEST(simulator, what_has_no_end_is_an_error_and_so_is_each_wait_after_it) {
  simulator s({.seed = 5, .points_max = 10'000});
  seam::atomic<bool> never_set{false};
  auto f = s.submit({.name = "spin"}, [&] {
    while (!never_set.load(seam::relaxed)) seam::yield_thread();
  });
  auto const text = message_of<simulation_failed>([&] { f.blocking_get(); });
  EXPECT_TRUE(holds(text, "the simulated run of seed 5 has ended early: no end after 10000"))
      << text;
  EXPECT_TRUE(holds(text, "give the simulator a larger points_max")) << text;
  EXPECT_TRUE(holds(text, "in call 'spin' stands at load, simulator.test.cpp:")) << text;
  EXPECT_THROW(f.blocking_get(), simulation_failed);
  EXPECT_THROW(s.submit([] {}).blocking_get(), simulation_failed);
}

TEST(simulator, the_limit_is_one_of_each_wait_and_not_of_all) {
  simulator s({.points_max = 10'000});
  for (int i = 0; i != 20; ++i)
    s.submit([] {
       for (int k = 0; k != 1'000; ++k) seam::fence();
     }).blocking_get();
}

TEST(simulator, checks_invariants_and_exceptions_of_threads_end_the_run) {
  simulator a({.seed = 9});
  auto f = a.submit([] { check(false, "the sky is green"); });
  auto const of_check = message_of<simulation_failed>([&] { f.blocking_get(); });
  EXPECT_TRUE(holds(of_check, "seed 9 has ended early: a check failed (simulator.test.cpp:"))
      << of_check;
  EXPECT_TRUE(holds(of_check, "the sky is green")) << of_check;
  simulator c;
  auto h = c.submit([] {
    seam::atomic<int> n{0};
    invariant const small([&] { return n.load(seam::relaxed) < 2; }, "there is one");
    for (int i = 0; i != 3; ++i) n.fetch_add(1, seam::relaxed);
  });
  auto const of_invariant = message_of<simulation_failed>([&] { h.blocking_get(); });
  EXPECT_TRUE(holds(of_invariant, "an invariant was broken (simulator.test.cpp:")) << of_invariant;
  simulator b;
  auto g = b.submit([] { seam::thread t([] { throw std::runtime_error("out of tea"); }); });
  auto const of_thread = message_of<simulation_failed>([&] { g.blocking_get(); });
  EXPECT_TRUE(holds(of_thread, "an exception left a simulated thread: out of tea")) << of_thread;
}

TEST(simulator, an_exception_of_a_call_is_the_calls) {
  simulator s;
  auto f = s.submit([]() -> int { throw std::out_of_range("page 9 of 8"); });
  EXPECT_THROW(f.blocking_get(), std::out_of_range);
  EXPECT_EQ(s.submit([] { return 1; }).blocking_get(), 1);
}

TEST(simulator, absurd_options_are_refused) {
  EXPECT_THROW(simulator({.workers = 0}), std::invalid_argument);
  EXPECT_THROW(simulator({.workers = 1'000'000}), std::invalid_argument);
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

TEST(simulator, the_destructor_waits_for_what_another_thread_resumes) {
  for (std::uint64_t seed = 1; seed != 60; ++seed) {
    gate g;
    std::optional<future<void>> f;
    std::optional<simulator> s(std::in_place, simulator_options{.seed = seed});
    f.emplace(s->submit(pass, &g));
    s->submit([]() -> task<> { co_await sleep_for(1ns); }).blocking_get();  // it waits at the gate
    std::thread other([&] { g.waiting.resume(); });
    s.reset();
    f->blocking_get();
    other.join();
  }
}

TEST(simulator, other_threads_submit_and_wait_while_it_is_driven) {
  for (std::uint64_t seed = 1; seed != 10; ++seed) {
    simulator s({.seed = seed});
    seam::atomic<int> ran{0};
    std::vector<std::thread> threads;
    for (int t = 0; t != 4; ++t)
      threads.emplace_back([&] {
        for (int i = 0; i != 50; ++i)
          s.submit([&ran] { ran.fetch_add(1, seam::relaxed); }).blocking_get();
      });
    for (auto& t : threads) t.join();
    EXPECT_EQ(ran.load(seam::relaxed), 200);
  }
}

// What is left in the middle of a lock would keep us waiting for ever.
TEST(simulator, threads_outside_use_what_those_inside_do) {
  for (std::uint64_t seed = 1; seed != 100; ++seed) {
    simulator s({.seed = seed});
    channel<int> numbers(1'000);
    auto const sends = [&numbers] {
      for (int i = 0; i != 10; ++i) numbers.blocking_send(i);
    };
    auto a = s.submit(sends), b = s.submit(sends);
    for (int i = 0; i != 5; ++i) {
      s.submit([] {}).blocking_get();  // a and b are left anywhere
      EXPECT_TRUE(numbers.try_send(100));
    }
    a.blocking_get();
    b.blocking_get();
    int got = 0;
    while (numbers.try_recv()) ++got;
    EXPECT_EQ(got, 25);
  }
}

// Locks of the higher kind may be held for long: nobody waits for them who only leaves.
TEST(simulator, a_wait_ends_whatever_others_hold) {
  for (std::uint64_t seed = 1; seed != 100; ++seed) {
    simulator s({.seed = seed, .points_max = 100'000});
    mutex m;
    seam::atomic<bool> enough{false};
    auto a = s.submit([&] {
      lock_guard const g{m};
      while (!enough.load(seam::acquire)) seam::yield_thread();
    });
    auto const holds = [](mutex* of) -> task<> {
      auto const g = co_await of->scoped_lock();
      co_await sleep_for(1h);
    };
    auto b = s.submit(holds, &m);
    for (int i = 0; i != 5; ++i) EXPECT_EQ(s.submit([] { return 3; }).blocking_get(), 3);
    enough.store(true, seam::release);
    a.blocking_get();
    b.blocking_get();
  }
}

TEST(simulator, a_thread_outside_stops_what_computes_inside) {
  for (std::uint64_t seed = 1; seed != 30; ++seed) {
    simulator s({.seed = seed});
    stop_source source;
    seam::atomic<bool> begun{false};
    std::thread stopper([&] {
      while (!begun.load(seam::acquire)) std::this_thread::yield();
      source.request();
    });
    auto f = s.submit({.stop = &source}, [&] {
      begun.store(true, seam::release);
      for (;;) checkpoint();
    });
    EXPECT_THROW(f.blocking_get(), stopped);
    stopper.join();
  }
}
