// SPDX-License-Identifier: Apache-2.0
// Calls that keep their worker without getting on: found, named, and no hindrance to the others.
// Tests that would hang without the watchdog wait for what only it can bring about.
#include <atomic>
#include <chrono>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <mutex>
#include <semaphore>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include <quartet/core/blocking.hpp>
#include <quartet/core/group.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/seam/atomic.hpp>
#include <quartet/sync/event.hpp>

namespace {

// Not in quartet's namespace: what is there is left out of stacks where lines are not known.
[[gnu::noinline]] void wait_undeclared(std::binary_semaphore& s) {
  s.acquire();
  asm volatile("" ::: "memory");  // a call, not a jump
}

}  // namespace

namespace quartet {
namespace {

using namespace std::chrono_literals;

/// Keeps what it is told, and has nothing printed.
class listener : public observer {
 public:
  bool on_stuck(stuck_report const& r) noexcept override {
    std::lock_guard const g(guard_);
    texts_.emplace_back(r.text);
    spun_ = r.spins;
    since_ = r.since;
    ++told;
    told.notify_all();
    return true;
  }
  std::string last() const {
    std::lock_guard const g(guard_);
    return texts_.empty() ? "" : texts_.back();
  }
  bool spun() const { return spun_; }
  duration since() const { return since_; }
  void wait_for(int n) const {
    for (int now = told; now < n; now = told) told.wait(now);
  }

  std::atomic<int> told{0};

 private:
  mutable std::mutex guard_;
  std::vector<std::string> texts_;
  bool spun_ = false;
  duration since_{};
};

struct watched_pool {
  explicit watched_pool(unsigned workers = 1)
      : pool({.workers = workers, .counters = &heard, .name = "watched", .patience = 20ms}) {}
  listener heard;
  thread_pool pool;
};

bool contains(std::string const& text, std::string const& part) {
  return text.find(part) != text.npos;
}

__attribute__((no_sanitize("thread", "address"), noinline)) void go_round(bool const& end) {
  while (!__atomic_load_n(&end, __ATOMIC_ACQUIRE)) {
  }
}

TEST(watchdog, a_call_that_blocks_undeclared_does_not_keep_the_others) {
  watched_pool p;
  std::binary_semaphore other_ran{0};
  auto a = p.pool.submit({.name = "sleeper"}, [&] { wait_undeclared(other_ran); });
  auto b = p.pool.submit([&] { other_ran.release(); });
  b.blocking_get();
  a.blocking_get();
  p.heard.wait_for(1);
  std::string const text = p.heard.last();
  EXPECT_FALSE(p.heard.spun());
  EXPECT_GE(p.heard.since(), 5ms);
  EXPECT_TRUE(contains(text, "a worker of \"watched\" and waits in the system (futex)")) << text;
  EXPECT_TRUE(contains(text, "in the task sleeper, spawned at ")) << text;
  EXPECT_TRUE(contains(text, "watchdog.test.cpp:")) << text;
  EXPECT_TRUE(contains(text, "Another thread does what waits.")) << text;
}

TEST(watchdog, a_call_that_spins_does_not_keep_the_others) {
#ifdef QUARTET_TSAN
  GTEST_SKIP() << "needs signals in a loop that calls nothing, which thread sanitizer holds back";
#endif
  watched_pool p;
  bool end = false;
  auto a = p.pool.submit({.name = "spinner"}, [&] { go_round(end); });
  auto b = p.pool.submit([&] { __atomic_store_n(&end, true, __ATOMIC_RELEASE); });
  b.blocking_get();
  a.blocking_get();
  p.heard.wait_for(1);
  EXPECT_TRUE(p.heard.spun());
  EXPECT_TRUE(contains(p.heard.last(), "goes round in a circle")) << p.heard.last();
  EXPECT_TRUE(contains(p.heard.last(), "in the task spinner")) << p.heard.last();
}

TEST(watchdog, a_loop_that_only_yields_spins) {
#ifdef QUARTET_TSAN
  GTEST_SKIP() << "needs signals at once, which thread sanitizer holds back";
#endif
  watched_pool p;
  std::atomic<bool> end{false};
  auto a = p.pool.submit([&] {
    while (!end) std::this_thread::yield();
  });
  p.pool.submit([&] { end = true; }).blocking_get();
  a.blocking_get();
  p.heard.wait_for(1);
  EXPECT_TRUE(p.heard.spun());
}

TEST(watchdog, the_stack_of_the_culprit_is_named) {
#if !defined(__x86_64__)
  GTEST_SKIP() << "needs x86-64";
#endif
  watched_pool p;
  std::binary_semaphore other_ran{0};
  auto a = p.pool.submit([&]() __attribute__((noinline)) {
    wait_undeclared(other_ran);
    asm volatile("" ::: "memory");
  });
  p.pool.submit([&] { other_ran.release(); }).blocking_get();
  a.blocking_get();
  p.heard.wait_for(1);
  std::string const text = p.heard.last();
  if (!contains(text, " at ")) GTEST_SKIP() << "needs addr2line";
  EXPECT_TRUE(contains(text, "wait_undeclared")) << text;
  EXPECT_TRUE(contains(text, "TestBody (")) << text;
  EXPECT_FALSE(contains(text, "serve")) << text;
  EXPECT_FALSE(contains(text, "one_call")) << text;
}

// What lies in the deque of the worker that waits for it, by a wait that quartet cannot see.
TEST(watchdog, a_call_may_wait_undeclared_for_calls_in_its_own_deque) {
  watched_pool p;
  p.pool
      .submit([&] {
        std::binary_semaphore ran{0};
        auto inner = p.pool.submit([&] { ran.release(); });
        wait_undeclared(ran);
        inner.blocking_get();
      })
      .blocking_get();
  p.heard.wait_for(1);
}

TEST(watchdog, timers_go_on_without_the_worker_that_is_stuck) {
  watched_pool p;
  std::binary_semaphore slept{0};
  auto sleeps = p.pool.submit([&]() -> task<> {
    for (int i = 0; i != 20; ++i) co_await sleep_for(1ms);
    slept.release();
  });
  auto stuck = p.pool.submit([&] { wait_undeclared(slept); });
  sleeps.blocking_get();
  stuck.blocking_get();
}

TEST(watchdog, many_may_be_stuck_at_once) {
  watched_pool p;
  constexpr int n = 10;
  std::vector<std::binary_semaphore*> all;
  std::vector<future<void>> calls;
  for (int i = 0; i != n; ++i) {
    all.push_back(new std::binary_semaphore(0));
    calls.push_back(p.pool.submit([s = all.back()] { wait_undeclared(*s); }));
  }
  p.pool
      .submit([&] {
        for (auto* s : all) s->release();
      })
      .blocking_get();
  for (auto& c : calls) c.blocking_get();
  for (auto* s : all) delete s;
  p.heard.wait_for(1);
}

/// How many of a hundred calls run at once.
int side_by_side(thread_pool& pool) {
  std::atomic<int> inside{0}, most{0};
  std::vector<future<void>> all;
  for (int i = 0; i != 100; ++i)
    all.push_back(pool.submit([&] {
      int const now = ++inside;
      if (now > most) most = now;
      std::this_thread::yield();
      --inside;
    }));
  for (auto& f : all) f.blocking_get();
  return most;
}

TEST(watchdog, the_worker_that_comes_back_is_not_one_too_many_for_long) {
  watched_pool p;
  std::binary_semaphore other_ran{0};
  auto a = p.pool.submit([&] { wait_undeclared(other_ran); });
  p.pool.submit([&] { other_ran.release(); }).blocking_get();
  a.blocking_get();
  while (side_by_side(p.pool) != 1) {
  }
  for (int i = 0; i != 20; ++i) EXPECT_EQ(side_by_side(p.pool), 1);
}

TEST(watchdog, a_call_that_computes_is_let_be) {
  watched_pool p;
  std::atomic<bool> done{false};
  auto a = p.pool.submit([&] {
    std::uint64_t x = 1;
    for (time_point const end = after(400ms); clock::now() < end;)
      for (int i = 0; i != 1000; ++i) x = x * 6364136223846793005 + 1442695040888963407;
    done = true;
    return x;
  });
  auto b = p.pool.submit([&] { return done.load(); });
  EXPECT_TRUE(b.blocking_get());
  EXPECT_NE(a.blocking_get(), 0u);
  EXPECT_EQ(p.heard.told, 0) << p.heard.last();
}

// All that it gets on with is in the kernel: its own state is always the same.
TEST(watchdog, a_call_that_works_in_the_kernel_is_let_be) {
  watched_pool p;
  int const zeros = open("/dev/zero", O_RDONLY | O_CLOEXEC);
  ASSERT_GE(zeros, 0);
  std::atomic<bool> end{false};
  auto a = p.pool.submit([&] {
    static char buffer[1 << 16];
    while (!end && read(zeros, buffer, sizeof buffer) > 0) {
    }
  });
  auto b = p.pool.submit([] {});
  for (time_point const enough = after(400ms); clock::now() < enough;) std::this_thread::yield();
  end = true;
  a.blocking_get();
  b.blocking_get();
  close(zeros);
  EXPECT_EQ(p.heard.told, 0) << p.heard.last();
}

// The verdict about it is older than the longest pause between two.
TEST(watchdog, a_call_that_blocks_after_it_has_computed_for_long_is_found) {
  watched_pool p;
  std::binary_semaphore other_ran{0};
  auto a = p.pool.submit([&] {
    for (time_point const end = after(1200ms); clock::now() < end;) {
    }
    wait_undeclared(other_ran);
  });
  p.pool.submit([&] { other_ran.release(); }).blocking_get();
  a.blocking_get();
}

// As long as another pool needs to find somebody stuck, and longer.
TEST(watchdog, a_wait_that_was_declared_is_none_of_its_business) {
  watched_pool p, other;
  std::binary_semaphore go{0}, other_ran{0};
  event set;
  auto a = p.pool.submit([&] { blocking([&] { wait_undeclared(go); }); });
  auto b = p.pool.submit([&] { set.blocking_wait(); });
  auto c = other.pool.submit([&] { wait_undeclared(other_ran); });
  other.pool.submit([&] { other_ran.release(); }).blocking_get();
  c.blocking_get();
  other.heard.wait_for(1);
  p.pool.submit([&] { set.set(); }).blocking_get();
  go.release();
  a.blocking_get();
  b.blocking_get();
  EXPECT_EQ(p.heard.told, 0) << p.heard.last();
}

TEST(watchdog, one_that_keeps_nobody_is_let_be) {
  watched_pool p, other;
  std::binary_semaphore go{0}, other_ran{0};
  auto a = p.pool.submit([&] { wait_undeclared(go); });
  auto c = other.pool.submit([&] { wait_undeclared(other_ran); });
  other.pool.submit([&] { other_ran.release(); }).blocking_get();
  c.blocking_get();
  other.heard.wait_for(1);
  go.release();
  a.blocking_get();
  EXPECT_EQ(p.heard.told, 0) << p.heard.last();
}

TEST(watchdog, without_patience_nobody_looks) {
  listener heard;
  std::atomic<bool> ran{false};
  std::binary_semaphore go{0};
  thread_pool pool({.workers = 1, .counters = &heard, .patience = {}});
  auto a = pool.submit([&] { wait_undeclared(go); });
  auto b = pool.submit([&] { ran = true; });
  watched_pool other;
  std::binary_semaphore other_ran{0};
  auto c = other.pool.submit([&] { wait_undeclared(other_ran); });
  other.pool.submit([&] { other_ran.release(); }).blocking_get();
  c.blocking_get();
  EXPECT_FALSE(ran);
  go.release();
  a.blocking_get();
  b.blocking_get();
  EXPECT_EQ(heard.told, 0);
}

std::size_t times(std::string const& text, std::string const& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++n;
  return n;
}

TEST(watchdog, without_an_observer_each_place_is_printed_once) {
  testing::internal::CaptureStderr();
  {
    thread_pool pool({.workers = 1, .name = "silent", .patience = 20ms});
    for (int i = 0; i != 3; ++i) {
      std::binary_semaphore other_ran{0};
      auto a = pool.submit([&] { wait_undeclared(other_ran); });
      pool.submit([&] { other_ran.release(); }).blocking_get();
      a.blocking_get();
    }
  }
  std::string const text = testing::internal::GetCapturedStderr();
  EXPECT_EQ(times(text, "quartet: a call keeps a worker of \"silent\""), 1u) << text;
}

TEST(watchdog, the_tasks_above_the_culprit_are_named) {
  watched_pool p;
  std::binary_semaphore other_ran{0};
  auto const body = [&](group& g) -> task<> {
    g.spawn({.name = "brother"}, [&] { other_ran.release(); });
    g.spawn({.name = "child"}, [&] { wait_undeclared(other_ran); });  // the newest runs first
    co_return;
  };
  p.pool.submit({.name = "parent"}, [&]() -> task<> { co_await with_group(body); }).blocking_get();
  p.heard.wait_for(1);
  std::string const text = p.heard.last();
  std::size_t const child = text.find("in the task child"),
                    parent = text.find("of the task parent");
  EXPECT_LT(child, parent) << text;
  EXPECT_NE(parent, text.npos) << text;
}

}  // namespace
}  // namespace quartet
