// SPDX-License-Identifier: Apache-2.0
// The executors themselves: ends, stops, timeouts and nested waits under many schedules.
#include <memory>
#include <vector>

#include <quartet/algo/map.hpp>
#include <quartet/core/group.hpp>
#include <quartet/core/scope.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

#include "races/explored.hpp"

using namespace quartet;
using namespace std::chrono_literals;
using test::explored;

namespace {

template <class F> ending ended(F& f) {
  try {
    f.blocking_get();
    return ending::value;
  } catch (stopped const&) {
    return ending::stopped;
  } catch (timed_out const&) {
    return ending::timed_out;
  }
}

}  // namespace

TEST(races, a_pool_runs_what_was_submitted_from_everywhere_before_it_ends) {
  explored(500, [] {
    seam::atomic<int> ran{0};
    {
      thread_pool pool({.workers = 2});
      std::vector<future<void>> kept;
      seam::mutex guard;
      auto const submit = [&](int depth, auto const& self) -> void {
        auto f = pool.submit([&, depth] {
          ran.fetch_add(1, seam::relaxed);
          if (depth != 0) self(depth - 1, self);
        });
        seam::guard g(guard);
        kept.push_back(std::move(f));
      };
      {
        seam::thread a([&] { submit(2, submit); }), b([&] { submit(1, submit); });
      }
      for (std::size_t i = 0;; ++i) {
        guard.lock();
        bool const more = i < kept.size();
        auto f = more ? std::optional(std::move(kept[i])) : std::nullopt;
        guard.unlock();
        if (!f) break;
        f->blocking_get();
      }
    }
    EXPECT_EQ(ran.load(seam::relaxed), 5);
  });
}

TEST(races, waits_nest_in_a_pool_of_one_worker) {
  explored(200, [] {
    thread_pool pool({.workers = 1});
    auto const nested = [&pool](int depth, auto const& self) -> int {
      if (depth == 0) return 0;
      return pool.submit([&, depth] { return self(depth - 1, self); }).blocking_get() + 1;
    };
    EXPECT_EQ(nested(4, nested), 4);
  });
}

TEST(races, a_call_is_stopped_or_ends_and_never_both) {
  explored(1000, [] {
    stop_source stop;
    thread_pool pool({.workers = 2});
    int steps = 0;
    auto const work = [](int* n) -> task<> {
      for (; *n != 3; ++*n) co_await yield();
    };
    auto f = pool.submit({.stop = &stop}, work, &steps);
    seam::thread stops([&] { stop.request(); });
    ending const how = ended(f);
    EXPECT_TRUE(how == ending::stopped || (how == ending::value && steps == 3));
  });
}

TEST(races, a_timeout_and_the_end_of_its_call_race) {
  explored(1000, [] {
    thread_pool pool({.workers = 2});
    auto const work = []() -> task<> { co_await sleep_for(1ms); };
    auto a = pool.submit({.timeout = 1ms}, work), b = pool.submit({.timeout = 1ms}, work);
    for (auto* f : {&a, &b}) {
      ending const how = ended(*f);
      EXPECT_TRUE(how == ending::value || how == ending::timed_out);
    }
  });
}

TEST(races, dropped_futures_and_batches_leave_nothing_behind) {
  explored(500, [] {
    seam::atomic<int> inside{0};
    std::vector<int> const items{1, 2, 3, 4};
    {
      thread_pool pool({.workers = 2});
      auto const item = [&inside](int) -> task<> {
        inside.fetch_add(1, seam::relaxed);
        struct out {
          seam::atomic<int>& n;
          ~out() { n.fetch_sub(1, seam::relaxed); }
        } const at_end{inside};
        co_await sleep_for(1h);
      };
      { auto const dropped = for_each(pool, items, item); }
      EXPECT_EQ(inside.load(seam::relaxed), 0) << "a batch outwaits its items";
      { auto const dropped = pool.submit(item, 1); }
    }
    EXPECT_EQ(inside.load(seam::relaxed), 0);
  });
}

TEST(races, a_group_on_a_pool_joins_all_and_fails_fast) {
  explored(500, [] {
    thread_pool pool({.workers = 2});
    seam::atomic<int> alive{0};
    auto const run = [](seam::atomic<int>* n) -> task<> {
      auto const waits = [](seam::atomic<int>* count) -> task<> {
        count->fetch_add(1, seam::relaxed);
        try {
          co_await sleep_for(24h);
        } catch (stopped const&) {
          count->fetch_sub(1, seam::relaxed);
          throw;
        }
      };
      auto const fails = []() -> task<> {
        co_await yield();
        throw std::out_of_range("one");
      };
      auto const body = [=](group& g) {
        g.spawn(waits, n);
        g.spawn(fails);
        g.spawn(waits, n);
      };
      co_await with_group(body);
    };
    auto f = pool.submit(run, &alive);
    EXPECT_THROW(f.blocking_get(), std::out_of_range);
    EXPECT_EQ(alive.load(seam::relaxed), 0);
  });
}

TEST(races, threads_that_wait_for_one_loop_hand_the_driving_on) {
  explored(1000, [] {
    auto loop = std::make_unique<event_loop>();
    auto const work = [](int n) -> task<int> {
      co_await yield();
      if (n == 2) co_await sleep_for(1s);
      co_return n;
    };
    int sum = 0;
    seam::mutex guard;
    auto const wait = [&](int n) {
      int const got = loop->submit(work, n).blocking_get();
      seam::guard g(guard);
      sum += got;
    };
    {
      seam::thread a([&] { wait(1); }), b([&] { wait(2); }), c([&] { wait(3); });
    }
    loop.reset();
    EXPECT_EQ(sum, 6);
  });
}

TEST(races, a_task_hops_between_a_loop_and_a_pool) {
  explored(300, [] {
    event_loop loop;
    thread_pool pool({.workers = 2});
    auto const work = [](executor_base* home, executor_base* other) -> task<int> {
      int n = 0;
      for (; n != 3; ++n) {
        co_await hop(*other);
        co_await hop(*home);
      }
      co_return n;
    };
    auto f = loop.submit(work, &loop, &pool);
    EXPECT_EQ(f.blocking_get(), 3);
  });
}

TEST(races, stop_callbacks_come_and_go_while_the_stop_is_told) {
  explored(1000, [] {
    stop_source s;
    int called = 0;
    {
      seam::thread requests([&] { s.request(); });
      auto const count = [&called] { ++called; };
      for (int i = 0; i != 2; ++i) stop_callback const listens(s.token(), count);
    }
    EXPECT_LE(called, 2);
    EXPECT_TRUE(s.requested());
  });
}
