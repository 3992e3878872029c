// SPDX-License-Identifier: Apache-2.0
// Threads of the real machine beside the simulated ones: they submit, resume, stop and share.
#include <gtest/gtest.h>
#include <optional>
#include <thread>
#include <vector>

#include <quartet/core/yield.hpp>
#include <quartet/exec/sim/simulator.hpp>
#include <quartet/seam/thread.hpp>
#include <quartet/sync/channel.hpp>
#include <quartet/sync/mutex.hpp>

#include "support/gate.hpp"

using namespace quartet;
using namespace std::chrono_literals;

TEST(simulator, the_destructor_waits_for_what_another_thread_resumes) {
  for (std::uint64_t seed = 1; seed != 60; ++seed) {
    test::gate g;
    std::optional<future<void>> f;
    std::optional<simulator> s(std::in_place, simulator_options{.seed = seed});
    f.emplace(s->submit(test::pass, &g));
    s->submit([]() -> task<> { co_await sleep_for(1ns); }).blocking_get();  // it waits at the gate
    std::thread other([&] { g.open(); });
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
