// SPDX-License-Identifier: Apache-2.0
// The barrier: phases, completions, those who leave, and stops.
#include <memory>
#include <optional>

#include <quartet/sync/barrier.hpp>

#include "support.hpp"

using namespace quartet;
using namespace std::chrono_literals;
using test::ending_of;

namespace {
using token = barrier<>::arrival_token;
}  // namespace

TEST(barrier, nobody_is_a_phase_ahead) {
  manual_executor e;
  barrier b(3);
  std::vector<int> done(3);
  std::vector<future<void>> all;
  for (int i = 0; i < 3; ++i)
    all.push_back(e.submit([&, i]() -> task<> {
      int& mine = done[static_cast<std::size_t>(i)];
      while (mine < 5) {
        for (int n = 0; n < i; ++n) co_await yield();  // each at a pace of its own
        ++mine;
        co_await b.arrive_and_wait();
        for (int const n : done) EXPECT_TRUE(n == mine || n == mine + 1) << n << " and " << mine;
      }
    }));
  e.run_until_idle();
  for (auto& f : all) f.blocking_get();
  EXPECT_EQ(done, (std::vector<int>{5, 5, 5}));
}

TEST(barrier, the_last_arrival_lets_everybody_go_on_in_the_order_of_arrival) {
  manual_executor e;
  barrier b(4);
  std::vector<int> order;
  std::vector<future<void>> all;
  for (int i = 0; i < 3; ++i)
    all.push_back(e.submit([&, i]() -> task<> {
      co_await b.arrive_and_wait();
      order.push_back(i);
    }));
  e.run_until_idle();
  EXPECT_TRUE(order.empty());
  b.blocking_arrive_and_wait();
  e.run_until_idle();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2}));
  for (auto& f : all) f.blocking_get();
}

TEST(barrier, the_completion_is_called_once_a_phase_before_anybody_goes_on) {
  manual_executor e;
  std::string out;
  barrier b(2, [&out]() noexcept { out += '|'; });
  auto const work = [&](char c) -> task<> {
    for (int i = 0; i < 2; ++i) {
      out += c;
      co_await b.arrive_and_wait();
    }
    out += c;
  };
  auto x = e.submit(work, 'x'), y = e.submit(work, 'y');
  e.run_until_idle();
  x.blocking_get();
  y.blocking_get();
  EXPECT_EQ(out.substr(0, 3), "xy|");
  EXPECT_EQ(out.find('|', 3), 5u) << out;
  EXPECT_EQ(out.size(), 8u) << out;
}

TEST(barrier, who_arrives_need_not_wait) {
  barrier b(3);
  token const first = b.arrive();
  EXPECT_FALSE(b.try_wait(first));
  token const both = b.arrive(2);
  EXPECT_TRUE(b.try_wait(first));
  EXPECT_TRUE(b.try_wait(both));
  b.blocking_wait(first);
  token const next = b.arrive(3);
  b.blocking_wait(next);
  EXPECT_TRUE(b.try_wait(first)) << "what is over stays over";
}

TEST(barrier, who_waits_late_need_not_wait) {
  manual_executor e;
  barrier b(1);
  auto f = e.submit([&]() -> task<> {
    token const mine = b.arrive();
    co_await b.wait(mine);
    co_await b.arrive_and_wait();
  });
  e.run_until_idle();
  EXPECT_EQ(ending_of(f), ending::value);
}

TEST(barrier, one_who_dropped_is_expected_in_this_phase_only) {
  manual_executor e;
  int phases = 0;
  barrier b(2, [&phases]() noexcept { ++phases; });
  auto f = e.submit([&]() -> task<> {
    for (int i = 0; i < 3; ++i) co_await b.arrive_and_wait();
  });
  e.run_until_idle();
  EXPECT_EQ(phases, 0);
  b.arrive_and_drop();
  EXPECT_EQ(phases, 1);
  e.run_until_idle();
  EXPECT_EQ(phases, 3);
  EXPECT_EQ(ending_of(f), ending::value);
}

TEST(barrier, all_can_drop) {
  int phases = 0;
  barrier b(2, [&phases]() noexcept { ++phases; });
  token const mine = b.arrive();
  b.drop(mine);
  b.arrive_and_drop();
  EXPECT_EQ(phases, 1);
  EXPECT_TRUE(b.try_wait(mine));
}

TEST(barrier, a_stopped_wait_leaves_its_arrival_counted) {
  manual_executor e;
  barrier b(2);
  auto f = e.submit([&]() -> task<> { co_await b.arrive_and_wait(); });
  e.run_until_idle();
  f.stop();
  e.run_until_idle();
  EXPECT_EQ(ending_of(f), ending::stopped);
  token const mine = b.arrive();
  EXPECT_TRUE(b.try_wait(mine));
  token const next = b.arrive();
  EXPECT_FALSE(b.try_wait(next)) << "the next phase expects it again";
}

TEST(barrier, an_arrival_in_a_stopped_scope_counts_though_its_wait_does_not_begin) {
  manual_executor e;
  barrier b(2);
  future<void> f = e.submit([&]() -> task<> {
    f.stop();
    co_await b.arrive_and_wait();
  });
  e.run_until_idle();
  EXPECT_EQ(ending_of(f), ending::stopped);
  EXPECT_TRUE(b.try_wait(b.arrive()));
}

TEST(barrier, a_stop_after_the_end_of_the_phase_comes_too_late) {
  manual_executor e;
  barrier b(2);
  auto f = e.submit([&]() -> task<> { co_await b.arrive_and_wait(); });
  e.run_until_idle();
  EXPECT_TRUE(b.try_wait(b.arrive()));
  f.stop();
  e.run_until_idle();
  EXPECT_EQ(ending_of(f), ending::value);
}

TEST(barrier, a_stopped_wait_ends_alone) {
  manual_executor e;
  barrier b(3);
  auto const work = [&b]() -> task<> { co_await b.arrive_and_wait(); };
  auto x = e.submit(work), y = e.submit(work);
  e.run_until_idle();
  x.stop();
  e.run_until_idle();
  EXPECT_EQ(ending_of(x), ending::stopped);
  EXPECT_FALSE(y.done());
  b.blocking_arrive_and_wait();
  e.run_until_idle();
  EXPECT_EQ(ending_of(y), ending::value);
}

TEST(barrier, one_who_was_stopped_and_leaves_is_not_expected_in_the_next_phase) {
  manual_executor e;
  barrier b(2);
  auto f = e.submit([&]() -> task<> {
    token const mine = b.arrive();
    try {
      co_await b.wait(mine);
    } catch (stopped const&) {
      b.drop(mine);
      throw;
    }
  });
  e.run_until_idle();
  f.stop();
  e.run_until_idle();
  EXPECT_EQ(ending_of(f), ending::stopped);
  b.blocking_arrive_and_wait();  // it arrived in this phase
  b.blocking_arrive_and_wait();  // and is gone in that one
}

TEST(barrier, one_who_leaves_after_the_end_of_its_phase_arrives_once_more) {
  int phases = 0;
  barrier b(3, [&phases]() noexcept { ++phases; });
  token const mine = b.arrive();
  EXPECT_TRUE(b.try_wait(b.arrive(2)));
  token const next = b.arrive(2);
  EXPECT_FALSE(b.try_wait(next));
  b.drop(mine);
  EXPECT_TRUE(b.try_wait(next)) << "the last that this phase expected";
  EXPECT_TRUE(b.try_wait(b.arrive(2))) << "two are left";
  EXPECT_EQ(phases, 3);
}

TEST(barrier, the_completion_may_look_at_the_barrier_and_let_one_leave) {
  struct leaves {
    barrier<leaves>** b;
    std::optional<token>* one;
    int* seen;
    void operator()() const noexcept {
      if (!*one) return;
      EXPECT_FALSE((*b)->try_wait(**one)) << "not over before the completion has returned";
      (*b)->drop(**one);
      one->reset();
      ++*seen;
    }
  };
  barrier<leaves>* self = nullptr;
  std::optional<token> one;
  int seen = 0;
  barrier b(2, leaves{&self, &one, &seen});
  self = &b;
  one = b.arrive();
  EXPECT_TRUE(b.try_wait(b.arrive()));
  EXPECT_EQ(seen, 1);
  EXPECT_TRUE(b.try_wait(b.arrive())) << "one is left";
}

TEST(barrier, waits_end_at_their_deadline_and_can_be_taken_up_again) {
  manual_executor e;
  barrier b(4);
  auto f = e.submit([&]() -> task<> {
    token const mine = b.arrive();
    bool late = false;
    try {
      co_await b.wait_for(1h, mine);
    } catch (timed_out const&) {
      late = true;
    }
    EXPECT_TRUE(late);
    co_await b.wait_until(after(5h), mine);
  });
  auto g = e.submit([&]() -> task<> {
    token const mine = b.arrive();
    co_await b.wait_until(after(2h), mine);
  });
  e.run_until_idle();
  e.advance(2h);
  e.run_until_idle();
  EXPECT_EQ(ending_of(g), ending::timed_out);
  token const mine = b.arrive();
  EXPECT_THROW(b.blocking_wait_for(1us, mine), timed_out);
  EXPECT_THROW(b.blocking_wait_until(clock::now(), mine), timed_out);
  EXPECT_FALSE(f.done());
  b.arrive_and_drop();
  e.run_until_idle();
  EXPECT_EQ(ending_of(f), ending::value);
  b.blocking_wait_for(1us, mine);
}

TEST(barrierDeathTest, more_arrivals_than_expected_are_an_assertion) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        barrier b(2);
        static_cast<void>(b.arrive(3));
      },
      "more arrived at a barrier");
  EXPECT_DEATH(
      {
        barrier b(2);
        static_cast<void>(b.arrive(0));
      },
      "for nobody");
  EXPECT_DEATH(
      {
        barrier b(1);
        b.arrive_and_drop();
        b.arrive_and_drop();
      },
      "more arrived at a barrier");
}

TEST(barrierDeathTest, one_arrival_that_leaves_twice_is_an_assertion) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        barrier b(2);
        token const mine = b.arrive();
        b.drop(mine);
        b.drop(mine);
      },
      "more left a barrier");
}

// The waiter destroys the barrier while the other thread is still inside its arrival.
TEST(barrier, one_who_has_waited_may_destroy_it) {
  for (int round = 0; round < 300; ++round) {
    auto b = std::make_unique<barrier<>>(2);
    std::thread other([p = b.get()] { static_cast<void>(p->arrive()); });
    b->blocking_arrive_and_wait();
    b.reset();
    other.join();
  }
}

// The oracle: at the end of each phase all have added one, and nobody has added to the next.
TEST(barrier, threads_and_tasks_meet_in_every_phase) {
  constexpr int phases = 100;
  thread_pool pool(pool_options{.workers = 2});
  std::atomic<int> arrived{0}, wrong{0};
  int ended = 0;
  barrier b(6, [&]() noexcept {
    if (arrived != 6 * ++ended) wrong.fetch_add(1);
  });
  std::vector<future<void>> tasks;
  for (int i = 0; i < 3; ++i)
    tasks.push_back(pool.submit([&]() -> task<> {
      for (int p = 1; p <= phases; ++p) {
        arrived.fetch_add(1);
        co_await b.arrive_and_wait();
        if (arrived < 6 * p || ended < p) wrong.fetch_add(1);
      }
    }));
  test::on_threads(3, [&](int) {
    for (int p = 1; p <= phases; ++p) {
      arrived.fetch_add(1);
      b.blocking_arrive_and_wait();
      if (arrived < 6 * p) wrong.fetch_add(1);
    }
  });
  for (auto& f : tasks) f.blocking_get();
  EXPECT_EQ(ended, phases);
  EXPECT_EQ(wrong, 0);
}

// One is stopped in its wait, or not, while the other ends the phase, and leaves: the one who stays
// meets nobody afterwards.
TEST(barrier, a_stop_that_races_with_the_end_of_the_phase_lets_one_leave) {
  thread_pool pool(pool_options{.workers = 2});
  for (int round = 0; round < 300; ++round) {
    barrier b(2);
    token const mine = b.arrive();
    auto f = pool.submit([&]() -> task<> { co_await b.wait(mine); });
    test::on_threads(2, [&](int i) {
      if (i == 1)
        for (int phase = 0; phase < 3; ++phase) b.blocking_arrive_and_wait();
      else
        try {
          f.stop();
          f.blocking_get();
          b.arrive_and_drop();
        } catch (stopped const&) {
          b.drop(mine);
        }
    });
  }
}
