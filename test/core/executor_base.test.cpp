// SPDX-License-Identifier: Apache-2.0
// The defaults of executors with threads of their own: counting, waiting for the last end.
#include <quartet/core/executor_base.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/manual/manual_executor.hpp>

#include "core/hammer.hpp"
#include "support/recording_machine.hpp"

using namespace quartet;

namespace {

struct no_timers final : timer_service {
  void arm(timer&) override { FAIL() << "nobody sleeps here"; }
  bool cancel(timer&) noexcept override { return false; }
};

// A thread for each call.
class thread_each final : public executor_members<any_call> {
 public:
  explicit thread_each(std::atomic<int>& n) : ran_(n) {}
  ~thread_each() override {
    wait_until_idle();
    EXPECT_EQ(outstanding(), 0u);
    for (std::thread& t : threads_) t.join();
  }
  void start(call& c) noexcept override {
    threads_.emplace_back([this, &c] {
      execution here(*this);
      execution_scope const scope(here);
      c.run(c, 0, c.count);
      ++ran_;
    });
  }
  timer_service& timers() noexcept override { return timers_; }
  void outwait_calls() const noexcept {
    while (outstanding() != 0) std::this_thread::yield();
  }

 private:
  std::atomic<int>& ran_;
  no_timers timers_;
  std::vector<std::thread> threads_;
};

}  // namespace

static_assert(!std::is_copy_constructible_v<executor_base>);
static_assert(std::has_virtual_destructor_v<executor_base>);

TEST(executor_base, the_end_waits_for_every_call_that_was_begun) {
  for (int round = 0; round < 50; ++round) {
    std::atomic<int> ran{0}, inside{0};
    {
      thread_each e(ran);
      for (int i = 0; i < 4; ++i) {
        auto f = e.submit([&inside] { ++inside; });
        if (i % 2 == 0) f.blocking_get();
      }
    }
    ASSERT_EQ(ran, 4);
    ASSERT_GE(inside, 2) << "those that were awaited ran";
  }
}

TEST(executor_base, the_last_call_wakes_nobody_while_nobody_waits_for_the_end) {
  test::recording_machine machine;
  seam::machine_scope on(machine);
  std::atomic<int> ran{0};
  thread_each e(ran);
  for (int i = 0; i < 3; ++i) {
    e.submit([] {}).blocking_get();
    e.outwait_calls();
  }
  EXPECT_TRUE(machine.saw(seam::kind::fetch_modify, "executor_base.cpp"));
  EXPECT_FALSE(machine.saw(seam::kind::futex_wake, "executor_base.cpp"));
}

TEST(executor_base, is_its_own_target_and_needs_no_driver_by_default) {
  std::atomic<int> ran{0};
  thread_each e(ran);
  EXPECT_EQ(&e.target(), &e);
  EXPECT_FALSE(e.driven());
  EXPECT_EQ(e.submit([] { return 4; }).blocking_get(), 4);
}

TEST(executor_base, the_loop_and_the_manual_executor_are_driven) {
  event_loop loop;
  manual_executor manual;
  EXPECT_TRUE(loop.driven());
  EXPECT_TRUE(manual.driven());
}

TEST(executor_base, driving_one_with_threads_of_its_own_is_refused) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        std::atomic<int> ran{0};
        thread_each e(ran);
        seam::atomic<bool> done{false};
        e.executor_base::drive(done, never);
      },
      "only an executor that says it is driven");
}

TEST(executor_base, driving_stops_at_the_deadline_if_nothing_sets_done) {
  manual_executor e;
  auto const start = e.now();
  seam::atomic<bool> done{false};
  static_cast<executor_base&>(e).drive(done, start + std::chrono::seconds(5));
  EXPECT_FALSE(done.load(seam::acquire));
  EXPECT_GE(e.now(), start + std::chrono::seconds(5));
}
