// SPDX-License-Identifier: Apache-2.0
// Who drives: threads that wait for the work of an executor without threads.
#include <atomic>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <thread>

#include <quartet/core/yield.hpp>
#include <quartet/os/doorbell.hpp>
#include <quartet/reactor/driven_executor.hpp>

#include "support/gate.hpp"

using namespace quartet;
using namespace std::chrono_literals;

namespace {

class plain_driven final : public driven_executor<any_call> {
 public:
  explicit plain_driven(detail::nesting n = detail::nesting::refused) : driven_executor(n) {}
  ~plain_driven() { drain(); }
};

task<int> slow_double(int n) {
  for (int i = 0; i < 5; ++i) co_await yield();
  co_await sleep_for(1ms);
  co_return 2 * n;
}

}  // namespace

TEST(driven_executor, several_threads_wait_at_once_and_each_gets_its_result) {
  plain_driven e;
  for (int round = 0; round < 10; ++round) {
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&e, t] {
        for (int i = 0; i < 5; ++i)
          EXPECT_EQ(e.submit(slow_double, t * 100 + i).blocking_get(), 2 * (t * 100 + i));
      });
    for (auto& t : threads) t.join();
  }
}

// The first thread drives until its own call ends, and its call ends first; the second one, which
// is parked, must take over or its call would never run on.
TEST(driven_executor, who_leaves_hands_the_role_to_one_who_waits) {
  plain_driven e;
  test::gate first, second;
  auto a = e.submit(test::pass, &first);
  auto b = e.submit(test::pass, &second);
  std::thread one([&] { a.blocking_get(); });
  while (!second.reached()) std::this_thread::yield();
  std::thread two([&] { b.blocking_get(); });
  first.open();
  one.join();
  second.open();
  two.join();
}

TEST(driven_executor, drive_ends_at_its_deadline_as_driver_and_as_one_who_waits) {
  plain_driven e;
  seam::atomic<bool> const no{false};
  auto const end = after(2ms);
  e.drive(no, end);
  EXPECT_GE(clock::now(), end);
  test::gate g;
  auto f = e.submit(test::pass, &g);
  std::thread driver([&] { f.blocking_get(); });
  while (!g.reached()) std::this_thread::yield();
  auto const later = after(2ms);
  e.drive(no, later);
  EXPECT_GE(clock::now(), later);
  g.open();
  driver.join();
  seam::atomic<bool> const yes{true};
  e.drive(yes, never);
}

TEST(driven_executor, the_destructor_drives_until_every_call_has_ended) {
  int ended = 0;
  {
    plain_driven e;
    for (int i = 0; i < 3; ++i) {
      auto f = e.submit([&ended]() -> task<> {
        try {
          co_await sleep_for(1h);
        } catch (stopped const&) {
          ++ended;
          throw;
        }
        ADD_FAILURE() << "dropping the future stops the call";
      });
      EXPECT_FALSE(f.done());
      seam::atomic<bool> const no{false};
      e.drive(no, clock::now());
    }
  }
  EXPECT_EQ(ended, 3);
}

// The call ends on a thread that resumes it while the destructor sleeps in the poller.
TEST(driven_executor, the_destructor_waits_for_what_other_threads_resume) {
  for (int round = 0; round < 60; ++round) {
    test::gate g;
    auto e = std::make_unique<plain_driven>();
    std::optional<future<void>> f(e->submit(test::pass, &g));
    std::thread opener([&] { g.open(); });
    e.reset();
    EXPECT_TRUE(f->done());
    f->blocking_get();
    opener.join();
  }
}

// A thread that waits may be the one to see the last call end; the destructor on another thread
// must then wait for it to leave. The sanitizers are the oracle.
TEST(driven_executor, the_destructor_waits_for_threads_that_are_leaving) {
  for (int round = 0; round < 60; ++round) {
    auto e = std::make_unique<plain_driven>();
    std::atomic<int> ended{0};
    std::vector<std::thread> threads;
    auto const work = [](std::atomic<int>* n) -> task<> {
      co_await yield();
      n->fetch_add(1);
    };
    for (int t = 0; t < 3; ++t) {
      threads.emplace_back([f = e->submit(work, &ended)]() mutable { f.blocking_get(); });
    }
    while (ended.load() != 3) std::this_thread::yield();
    e.reset();
    for (auto& t : threads) t.join();
  }
}

TEST(driven_executor, a_task_that_blocks_on_its_own_executor_is_told_to_await) {
  plain_driven e;
  auto f = e.submit([&e] {
    auto inner = e.submit([] { return 1; });
    return inner.blocking_get();
  });
  try {
    f.blocking_get();
    FAIL();
  } catch (would_deadlock const& x) {
    EXPECT_NE(std::string(x.what()).find("use co_await"), std::string::npos) << x.what();
  }
}

TEST(driven_executor, also_when_another_executor_lies_in_between) {
  plain_driven outer, inner;
  auto f = outer.submit([&] {
    return inner.submit([&outer] { return outer.submit([] { return 1; }).blocking_get(); })
        .blocking_get();
  });
  EXPECT_THROW(f.blocking_get(), would_deadlock);
  EXPECT_EQ(
      outer.submit([&] { return inner.submit([] { return 7; }).blocking_get(); }).blocking_get(),
      7);
}

TEST(driven_executor, where_nesting_is_allowed_the_task_runs_the_others_meanwhile) {
  plain_driven e(detail::nesting::allowed), between;
  EXPECT_EQ(e.submit([&e] { return e.submit(slow_double, 4).blocking_get(); }).blocking_get(), 8);
  EXPECT_EQ(e.submit([&] {
               return between.submit([&e] { return e.submit(slow_double, 5).blocking_get(); })
                   .blocking_get();
             }).blocking_get(),
            10);
}

// The calling thread belongs to another executor, which learns that its worker will block.
TEST(driven_executor, tells_the_executor_around_it_that_its_thread_blocks) {
  struct worker : execution {
    using execution::execution;
    void will_block() noexcept override { ++blocks; }
    void did_block() noexcept override { ++returns; }
    int blocks = 0, returns = 0;
  };
  plain_driven around, e;
  worker w(around);
  execution_scope const scope(w);
  EXPECT_EQ(e.submit(slow_double, 1).blocking_get(), 2);
  EXPECT_EQ(w.blocks, 1);
  EXPECT_EQ(w.returns, 1);
}

TEST(driven_executor, watches_descriptors_while_it_is_driven) {
  plain_driven e;
  struct listener : watcher {
    listener()
        : watcher([](watcher& w, os::poll_event) noexcept {
            auto& self = static_cast<listener&>(w);
            self.bell.drain();
            self.heard.store(true, seam::release);
          }) {}
    os::doorbell bell;
    seam::atomic<bool> heard{false};
  } w;
  e.events().watch(w.bell.descriptor(), os::interest::readable, w);
  w.bell.ring();
  e.drive(w.heard, never);
  EXPECT_TRUE(w.heard.load(seam::acquire));
  e.events().unwatch(w);
}

TEST(driven_executor_death, is_not_destroyed_inside_its_own_task) {
  EXPECT_DEATH(
      {
        auto* e = new plain_driven;
        e->submit([e] { delete e; }).blocking_get();
      },
      "destroyed inside one of its tasks");
}
