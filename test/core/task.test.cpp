// SPDX-License-Identifier: Apache-2.0
// Tasks: results, errors, constant stack, and awaiting what knows nothing of quartet.
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <thread>

#include <quartet/core/executor.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/manual/manual_executor.hpp>

using namespace quartet;

namespace {

task<long> ready(long x) { co_return x; }

task<long> sum_of_ready(long n) {
  long sum = 0;
  for (long i = 0; i < n; ++i) sum += co_await ready(1);
  co_return sum;
}

task<long> deep(long n) {
  if (n == 0) co_return 0;
  co_return 1 + co_await deep(n - 1);
}

task<long> deep_that_suspends(long n) {
  if (n == 0) {
    co_await yield();
    co_return 0;
  }
  co_return 1 + co_await deep_that_suspends(n - 1);
}

task<> throws() {
  co_await yield();
  throw std::out_of_range("from below");
}

task<std::string> catches() {
  try {
    co_await throws();
  } catch (std::out_of_range const& e) {
    co_return std::string(e.what());
  }
  co_return "nothing came";
}

/// Resumed by another thread, which knows only the handle.
struct foreign {
  std::thread& by;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    by = std::thread([h] { h.resume(); });
  }
  int await_resume() const noexcept { return 7; }
};

struct foreign_ready {
  bool await_ready() const noexcept { return true; }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  int await_resume() const noexcept { return 8; }
};

struct foreign_refuses {
  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<>) const noexcept { return false; }
  int await_resume() const noexcept { return 9; }
};

}  // namespace

TEST(task, five_million_ready_tasks_in_a_loop_need_no_stack) {
  event_loop loop;
  EXPECT_EQ(loop.run(sum_of_ready, 5'000'000), 5'000'000);
}

TEST(task, a_recursion_of_a_million_tasks_needs_no_stack) {
  event_loop loop;
  EXPECT_EQ(loop.run(deep, 1'000'000), 1'000'000);
}

TEST(task, a_chain_that_suspended_far_below_comes_back_without_stack) {
  event_loop loop;
  EXPECT_EQ(loop.run(deep_that_suspends, 300'000), 300'000);
}

TEST(task, an_exception_goes_through_the_levels_to_a_handler) {
  event_loop loop;
  EXPECT_EQ(loop.run(catches), "from below");
}

TEST(task, a_result_may_be_move_only) {
  event_loop loop;
  auto const make = [](int x) -> task<std::unique_ptr<int>> { co_return std::make_unique<int>(x); };
  EXPECT_EQ(*loop.run(make, 4), 4);
}

TEST(task, a_foreign_awaitable_resumes_the_task_on_its_own_executor) {
  event_loop loop;
  std::thread other;
  auto const body = [](std::thread* by) -> task<bool> {
    auto const before = std::this_thread::get_id();
    foreign elsewhere{*by};
    int const got = co_await elsewhere;
    co_return got == 7 && std::this_thread::get_id() == before;
  };
  EXPECT_TRUE(loop.run(body, &other));
  other.join();
}

TEST(task, foreign_awaitables_that_do_not_suspend_go_on_at_once) {
  manual_executor e;
  auto const body = []() -> task<int> {
    foreign_ready ready_at_once;
    foreign_refuses refuses;
    int const a = co_await ready_at_once;
    int const b = co_await refuses;
    co_return a + b;
  };
  EXPECT_EQ(e.submit(body).blocking_get(), 17);
}

struct foreign_throws {
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>) { throw std::runtime_error("cannot wait"); }
  void await_resume() const noexcept {}
};

TEST(task, a_foreign_awaitable_that_cannot_suspend_throws_into_the_task) {
  manual_executor e;
  auto const run = []() -> task<int> {
    foreign_throws cannot;
    int caught = 0;
    try {
      co_await cannot;
    } catch (std::runtime_error const&) {
      caught = 1;
    }
    co_return caught;
  };
  EXPECT_EQ(e.submit(run).blocking_get(), 1);
}
