// SPDX-License-Identifier: Apache-2.0
// The executors themselves: ends, stops, timeouts and nested waits under many schedules.
#include <memory>
#include <vector>

#include <quartet/algo/map.hpp>
#include <quartet/algo/pipeline.hpp>
#include <quartet/algo/reduce.hpp>
#include <quartet/core/blocking_group.hpp>
#include <quartet/core/group.hpp>
#include <quartet/core/scope.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/seam/shared.hpp>
#include <quartet/sync/event.hpp>

#include "races/explored.hpp"

using namespace quartet;
using namespace std::chrono_literals;
using test::explored;
using test::explored_without_delays;
using test::explored_without_memory;

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

/// Counts those alive.
class counted {
 public:
  explicit counted(seam::atomic<int>& alive) : alive_(alive) { alive_.fetch_add(1, seam::relaxed); }
  counted(counted const& other) : counted(other.alive_) {}
  counted& operator=(counted const&) = delete;
  ~counted() { alive_.fetch_sub(1, seam::relaxed); }

 private:
  seam::atomic<int>& alive_;
};

task<int> tree(counted here, int depth) {
  if (depth == 0) co_return 1;
  int const left = co_await tree(here, depth - 1);
  int const right = co_await tree(here, depth - 1);
  co_return left + right;
}

task<> grow_in_a_group(counted here) {
  auto const body = [here](group& g) {
    for (int i = 0; i != 3; ++i) g.spawn(tree, here, 1);
  };
  co_await with_group(body);
}

/// Submits calls of coroutines; whoever finds no memory fails with that, and all of them end.
template <class Executor> void calls_end_without_memory(auto... options) {
  seam::atomic<int> alive{0};
  {
    Executor ex(options...);
    for (int i = 0; i != 3; ++i) {
      try {
        auto a = ex.submit(tree, counted(alive), 2);
        auto b = ex.submit(grow_in_a_group, counted(alive));
        EXPECT_EQ(a.blocking_get(), 4);
        b.blocking_get();
      } catch (std::bad_alloc const&) {
        sometimes(true, "memory runs out");
      }
    }
  }
  EXPECT_EQ(alive.load(seam::relaxed), 0);
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

// More than the ring between producers and workers holds.
TEST(races, a_burst_from_outside_is_run_in_its_order) {
  explored(500, [] {
    std::vector<shared<int>> ran;
    ran.reserve(8);
    {
      thread_pool pool({.workers = 1});
      blocking_group all(pool);
      for (int i = 0; i != 8; ++i) all.spawn([&ran, i] { ran.emplace_back(i); });
      all.blocking_join();
    }
    for (int i = 0; i != 8; ++i) EXPECT_EQ(ran[static_cast<std::size_t>(i)], i);
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

TEST(races, a_batch_gives_the_results_of_all_its_items_or_its_first_failure) {
  explored(500, [] {
    std::vector<int> const items{1, 2, 3, 4};
    thread_pool pool({.workers = 2});
    auto const twice = [](int n) { return 2 * n; };
    EXPECT_EQ(map(pool, items, twice).blocking_get(), (std::vector<int>{2, 4, 6, 8}));
    auto const fails = [](int n) -> int { throw std::out_of_range(std::to_string(n)); };
    EXPECT_THROW(map(pool, items, fails).blocking_get(), std::out_of_range);
  });
}

TEST(races, a_pool_that_is_paused_and_resumed_loses_no_call) {
  explored(800, [] {
    seam::atomic<int> ran{0};
    {
      thread_pool pool({.workers = 2});
      auto const count = [&ran]() -> task<> {
        co_await yield();
        ran.fetch_add(1, seam::relaxed);
      };
      auto first = pool.submit(count);
      pool.pause();
      auto second = pool.submit(count);
      pool.resume();
      auto third = pool.submit(count);
      first.blocking_get();
      second.blocking_get();
      third.blocking_get();
      pool.pause();
      auto last = pool.submit([&ran] { ran.fetch_add(1, seam::relaxed); });
      pool.resume();
      last.blocking_get();
    }
    EXPECT_EQ(ran.load(seam::relaxed), 4);
  });
}

TEST(races, a_reduction_joins_what_two_workers_have_computed) {
  explored(800, [] {
    struct box {  // its content is plain data of whoever computed it
      shared<int> content{0};
      box(int x) : content(x) {}
    };
    using boxed = std::unique_ptr<box>;
    thread_pool pool({.workers = 2});
    auto const add = [](boxed a, boxed b) {
      a->content = a->content + b->content;
      return a;
    };
    auto const wrap = [](int x) { return std::make_unique<box>(x); };
    std::vector<int> const items{1, 2, 3, 4, 5};
    EXPECT_EQ(reduce(pool, items, wrap(0), add, wrap).blocking_get()->content, 15);
  });
}

TEST(races, a_pipeline_keeps_the_order_where_it_is_told_to) {
  explored(400, [] {
    shared<int> source{0};  // plain data: one at a time is all that protects it
    shared<int> written{0};
    thread_pool pool({.workers = 2});
    auto const next = [&source]() -> std::optional<int> {
      source = source + 1;
      return source > 4 ? std::nullopt : std::optional<int>(source);
    };
    auto const later = [](int x) -> task<int> {
      if (x % 2 == 1) co_await yield();
      co_return x;
    };
    auto const write = [&written](int x) {
      EXPECT_EQ(x, written + 1);
      written = x;
    };
    pipeline(pool, {.in_flight = 3}, next, later, in_order(write)).blocking_get();
    EXPECT_EQ(written, 4);
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

TEST(races, who_sees_a_stop_sees_what_was_written_before_it) {
  explored(500, [] {
    stop_source s;
    shared<int> why{0};
    seam::thread asks([&] {
      why = 1;
      s.request();
    });
    stop_token const t = s.token();
    EXPECT_TRUE(!t.requested() || why == 1);
  });
}

// The slots of a pool are made and given away while others look through all of them for work, and
// nobody has to wait for a thread to lose its patience.
TEST(races, who_waits_in_a_pool_is_replaced_at_once) {
  explored_without_delays(1000, [] {
    time_point const began = clock::now();
    {
      thread_pool pool({.workers = 2});
      event go;
      auto const waits = [&](int depth, auto const& self) -> void {
        if (depth == 0) return go.blocking_wait();
        pool.submit([&, depth] { self(depth - 1, self); }).blocking_get();
      };
      auto a = pool.submit([&] { waits(2, waits); }), b = pool.submit([&] { waits(1, waits); });
      pool.submit([&] { go.set(); }).blocking_get();
      a.blocking_get();
      b.blocking_get();
      pool.submit([&] { waits(1, waits); }).blocking_get();
    }
    EXPECT_EQ(clock::now(), began) << "somebody was not woken";
  });
}

TEST(races, a_loop_may_end_after_its_last_call_ended_in_a_pool) {
  explored(1000, [] {
    thread_pool pool({.workers = 1});
    auto loop = std::make_unique<event_loop>();
    auto const leaves = [](executor_base* to) -> task<> { co_await hop(*to); };
    { auto const dropped = loop->submit(leaves, &pool); }
    seam::thread waits([&] { loop->submit(leaves, &pool).blocking_get(); });
    waits.join();
    loop.reset();
  });
}

// The loop outwaits those who drive it or wait for the driver: they know of the end after us.
TEST(races, a_loop_may_end_while_those_who_waited_for_it_are_leaving) {
  explored(1000, [] {
    auto loop = std::make_unique<event_loop>();
    event first, second;
    auto const wait = [l = loop.get()](event* done) {
      auto const tells = [](event* e) -> task<> {
        co_await yield();
        e->set();
      };
      l->submit(tells, done).blocking_get();
    };
    seam::thread a([&] { wait(&first); }), b([&] { wait(&second); });
    first.blocking_wait();
    second.blocking_wait();
    loop.reset();
  });
}

TEST(races, a_timeout_fires_on_a_loop_while_its_call_ends_in_a_pool) {
  explored(1000, [] {
    thread_pool pool({.workers = 1});
    event_loop loop;
    auto const work = [](executor_base* to) -> task<> {
      co_await hop(*to);
      co_await sleep_for(1ms);
    };
    auto a = loop.submit({.timeout = 1ms}, work, &pool), b = loop.submit(work, &pool);
    ending const how = ended(a);
    EXPECT_TRUE(how == ending::value || how == ending::timed_out);
    EXPECT_EQ(ended(b), ending::value);
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

TEST(races, calls_of_coroutines_end_when_memory_runs_out) {
  explored_without_memory(1000, [] { calls_end_without_memory<event_loop>(); });
  explored_without_memory(
      500, [] { calls_end_without_memory<thread_pool>(pool_options{.workers = 1}); });
}
